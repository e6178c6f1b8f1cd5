"""Routes of the pages of a regulator's host."""

from django.urls import path

from regulator.pages import findings, forecasts, operators, returns

urlpatterns = [
    path("", operators.index, name="operators"),
    path("register/", operators.register, name="operator-register"),
    path("findings/", findings.index, name="findings"),
    path("forecasts/", forecasts.index, name="forecasts"),
    path("forecasts/make/", forecasts.make, name="forecasts-make"),
    path("returns/", returns.index, name="returns"),
    path("operators/<slug:operator>/", operators.operator, name="operator"),
    path("operators/<slug:operator>/change/", operators.change, name="operator-change"),
    path("operators/<slug:operator>/keys/", operators.make_key, name="operator-key"),
]
