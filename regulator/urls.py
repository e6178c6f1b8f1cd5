"""Routes of the pages of a regulator's host."""

from django.urls import path

from regulator.pages import operators

urlpatterns = [
    path("", operators.index, name="operators"),
    path("register/", operators.register, name="operator-register"),
    path("operators/<slug:operator>/", operators.operator, name="operator"),
    path("operators/<slug:operator>/change/", operators.change, name="operator-change"),
    path("operators/<slug:operator>/keys/", operators.make_key, name="operator-key"),
]
