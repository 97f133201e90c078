"""Addresses of devices in the workbench."""

from django.urls import path

from zhicheng.web.workbench import devices, devices_keeping

urlpatterns = [
    path("", devices.listing, name="devices"),
    path("register/", devices_keeping.register, name="device-register"),
    path("pending/", devices_keeping.pending, name="device-pending"),
    path("alarms/<str:number>/", devices.alarm, name="device-alarm"),
    path("one/<str:key>/", devices.one, name="device"),
    path("one/<str:key>/maintenance/", devices_keeping.maintenance, name="device-maintenance"),
    path(
        "one/<str:key>/maintenance/<int:window>/end/",
        devices_keeping.maintenance_end,
        name="device-maintenance-end",
    ),
    path("one/<str:key>/key/", devices_keeping.key, name="device-key"),
    path("one/<str:key>/retire/", devices_keeping.retire, name="device-retire"),
]
