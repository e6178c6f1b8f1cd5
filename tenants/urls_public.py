"""Pages of the bare host: front door, log-in, the chooser, join links."""

from django.urls import path

from tenants.pages import password, public

urlpatterns = [
    path("", public.landing, name="landing"),
    path("signup/", public.sign_up, name="signup"),
    path("signup/address/", public.address, name="signup-address"),
    path("login/", public.log_in, name="login"),
    path("logout/", public.LogOut.as_view(), name="logout"),
    path("tenants/", public.choose, name="choose"),
    path("tenants/<slug:slug>/opening/", public.opening, name="opening"),
    path("tenants/<slug:slug>/enter/", public.enter, name="enter"),
    path("password/", password.forgotten, name="password-forgotten"),
    path("password/<str:uidb64>/<str:token>/", password.reset, name="password-reset"),
    path("join/<str:token>/", public.join, name="join"),
]
