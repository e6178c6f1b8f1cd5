"""Pages of a tenant's host."""

from django.urls import path

from evidence import pages

urlpatterns = [
    path("log/", pages.log, name="log"),
    path("log/verify/", pages.verify, name="log-verify"),
    path("log/export/", pages.export, name="log-export"),
    path("log/evidence/<int:job_id>/", pages.download, name="log-evidence"),
    path("log/checkpoints/<int:size>/", pages.checkpoint, name="log-checkpoint"),
]
