"""Routes of the pages of a regulator's host."""

from django.urls import path

from regulator.pages import anomalies, findings, operators, returns, sensitivity

urlpatterns = [
    path("", operators.index, name="operators"),
    path("register/", operators.register, name="operator-register"),
    path("anomalies/", anomalies.index, name="anomalies"),
    path("anomalies/<uuid:anomaly>/", anomalies.anomaly, name="anomaly"),
    path("findings/", findings.index, name="findings"),
    path("returns/", returns.index, name="returns"),
    path("operators/<slug:operator>/", operators.operator, name="operator"),
    path("operators/<slug:operator>/change/", operators.change, name="operator-change"),
    path("operators/<slug:operator>/sensitivity/", sensitivity.index, name="operator-sensitivity"),
    path("operators/<slug:operator>/keys/", operators.make_key, name="operator-key"),
]
