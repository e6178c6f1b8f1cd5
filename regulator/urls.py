"""Routes of the pages of a regulator's host."""

from django.urls import path

from regulator.pages import (
    anomalies,
    audit,
    cases,
    dossiers,
    findings,
    forecasts,
    learned,
    market,
    operator,
    register,
    returns,
    sensitivity,
    wall,
)

urlpatterns = [
    path("", market.index, name="market"),
    path("wall/", wall.index, name="wall"),
    path("register/", register.register, name="operator-register"),
    path("anomalies/", anomalies.index, name="anomalies"),
    path("anomalies/<uuid:anomaly>/", anomalies.anomaly, name="anomaly"),
    path("detectors/", learned.index, name="learned-detectors"),
    path("detectors/train/", learned.train, name="learned-train"),
    path("detectors/back/", learned.roll_back, name="learned-back"),
    path("detectors/<slug:digest>/card/", learned.model_card, name="learned-card"),
    path("findings/", findings.index, name="findings"),
    path("forecasts/", forecasts.index, name="forecasts"),
    path("forecasts/make/", forecasts.make, name="forecasts-make"),
    path("returns/", returns.index, name="returns"),
    path("cases/", cases.index, name="case-list"),
    path("cases/open/", cases.open_case, name="case-open"),
    path("cases/<uuid:case_id>/", cases.case, name="case-file"),
    path("cases/<uuid:case_id>/step/", cases.step, name="case-step"),
    path("cases/<uuid:case_id>/evidence/", dossiers.of_case, name="case-evidence"),
    path("evidence/<int:dossier_id>/", dossiers.download, name="dossier"),
    path("audit/", audit.index, name="audit-search"),
    path("audit/evidence/", dossiers.of_days, name="audit-evidence"),
    path("audit/<uuid:event_id>/", audit.event, name="audit-event"),
    path("operators/", register.index, name="operators"),
    path("operators/<slug:operator>/", operator.operator, name="operator"),
    path("operators/<slug:operator>/change/", register.change, name="operator-change"),
    path("operators/<slug:operator>/sensitivity/", sensitivity.index, name="operator-sensitivity"),
    path("operators/<slug:operator>/keys/", operator.make_key, name="operator-key"),
]
