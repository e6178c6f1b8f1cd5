"""Pages of a tenant's host."""

from django.urls import path

from ingest.pages import imports, live, rejected

urlpatterns = [
    path("events/", live.events, name="events"),
    path("events/rejected/", rejected.rejected, name="rejected"),
    path("import/", imports.index, name="imports"),
    path("import/<int:import_id>/", imports.detail, name="import"),
    path("import/<int:import_id>/resume/", imports.resume, name="import-resume"),
    path("import/<int:import_id>/rejected.csv", imports.rejected, name="import-rejected"),
]
