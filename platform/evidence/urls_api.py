"""API routes below /api/v1/log/."""

from django.urls import path

from evidence import endpoints

urlpatterns = [
    path("checkpoint", endpoints.CheckpointView.as_view(), name="api-log-checkpoint"),
    path("events/<uuid:id>/proof", endpoints.ProofView.as_view(), name="api-log-proof"),
    path("consistency", endpoints.ConsistencyView.as_view(), name="api-log-consistency"),
    path("keys", endpoints.KeysView.as_view(), name="api-log-keys"),
]
