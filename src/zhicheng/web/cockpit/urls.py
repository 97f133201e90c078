"""Addresses of the cockpit."""

from django.urls import path

from zhicheng.web.cockpit import devices, wall

urlpatterns = [
    path("", wall.wall, name="cockpit"),
    path("alarms/", wall.alarms, name="cockpit-alarms"),
    path("devices/<int:thing>/", devices.device, name="cockpit-device"),
    path("points.geojson", wall.points, name="cockpit-points"),
    path("areas/<slug:level>.geojson", wall.areas, name="cockpit-areas"),
]
