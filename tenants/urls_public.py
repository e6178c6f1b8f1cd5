"""Pages of the bare host: front door, log-in, the chooser, join links."""

from django.urls import path

from tenants.pages import account, code, password, public

urlpatterns = [
    path("", public.landing, name="landing"),
    path("signup/", public.sign_up, name="signup"),
    path("signup/address/", public.address, name="signup-address"),
    path("login/", public.log_in, name="login"),
    path("login/code/", code.log_in, name="login-code"),
    path("account/", account.index, name="account"),
    path("account/password/", account.password, name="account-password"),
    path("account/second-factor/", account.enrol, name="second-factor"),
    path("account/second-factor/codes/", account.renew_codes, name="second-factor-codes"),
    path("account/second-factor/off/", account.switch_off, name="second-factor-off"),
    path("account/sessions/end/", account.end_others, name="sessions-end"),
    path("account/sessions/<int:sign_in_id>/end/", account.end_session, name="session-end-one"),
    path("logout/", public.LogOut.as_view(), name="logout"),
    path("tenants/", public.choose, name="choose"),
    path("tenants/<slug:slug>/opening/", public.opening, name="opening"),
    path("tenants/<slug:slug>/enter/", public.enter, name="enter"),
    path("password/", password.forgotten, name="password-forgotten"),
    path("password/<str:uidb64>/<str:token>/", password.reset, name="password-reset"),
    path("join/<str:token>/", public.join, name="join"),
]
