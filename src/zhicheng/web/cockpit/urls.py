"""Addresses of the cockpit."""

from django.urls import path

from zhicheng.web.cockpit import wall

urlpatterns = [
    path("", wall.wall, name="cockpit"),
    path("points.geojson", wall.points, name="cockpit-points"),
    path("areas/<slug:level>.geojson", wall.areas, name="cockpit-areas"),
]
