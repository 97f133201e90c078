"""Addresses that every face shares."""

from django.urls import path

from zhicheng.web.shared import areas, files, health, preferences

urlpatterns = [
    path("preferences/", preferences.set_preferences, name="preferences"),
    path("files/<uuid:file_id>/", files.download, name="file"),
    path("areas/<slug:level>.geojson", areas.outlines, name="areas"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
