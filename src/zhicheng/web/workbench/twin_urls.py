"""Addresses of the twin in the workbench."""

from django.urls import path

from zhicheng.web.workbench import twin, twin_applications

urlpatterns = [
    path("", twin.home, name="twin"),
    path("suggest/", twin.suggest, name="twin-suggest"),
    path("applications/", twin_applications.applications, name="twin-applications"),
    path("applications.csv", twin_applications.export, name="twin-applications-csv"),
    path("applications/new/", twin_applications.new, name="twin-application-new"),
    path("applications/<uuid:number>/", twin_applications.application, name="twin-application"),
    path("applications/<uuid:number>/change/", twin_applications.change, name="twin-application-change"),
    path("applications/<uuid:number>/retire/", twin_applications.retire, name="twin-application-retire"),
    path("<slug:code>/", twin.layer, name="twin-layer"),
    path("<slug:code>/<str:key>/", twin.thing, name="twin-thing"),
]
