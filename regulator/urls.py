"""Routes of the pages of a regulator's host."""

from django.urls import path

from regulator.pages import findings, market, operator, register, returns, wall

urlpatterns = [
    path("", market.index, name="market"),
    path("wall/", wall.index, name="wall"),
    path("register/", register.register, name="operator-register"),
    path("findings/", findings.index, name="findings"),
    path("returns/", returns.index, name="returns"),
    path("operators/", register.index, name="operators"),
    path("operators/<slug:operator>/", operator.operator, name="operator"),
    path("operators/<slug:operator>/change/", register.change, name="operator-change"),
    path("operators/<slug:operator>/keys/", operator.make_key, name="operator-key"),
]
