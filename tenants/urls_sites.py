"""The page of an advertiser's own sites."""

from django.urls import path

from tenants.pages import sites

urlpatterns = [path("settings/sites/", sites.index, name="own-sites")]
