"""Pages for files of touches, conversions, costs and events, on an advertiser's host."""

from django.urls import path

from ingest.pages import imports

urlpatterns = [
    path("import/", imports.index, name="imports"),
    path("import/<int:import_id>/", imports.detail, name="import"),
    path("import/<int:import_id>/resume/", imports.resume, name="import-resume"),
    path("import/<int:import_id>/rejected.csv", imports.rejected, name="import-rejected"),
]
