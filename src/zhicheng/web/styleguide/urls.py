"""Addresses of the style guide; included by `config.urls` under `styleguide/`."""

from django.urls import path

from zhicheng.web.styleguide import views

urlpatterns = [
    path("", views.index, name="styleguide"),
    path("areas.geojson", views.areas, name="styleguide-areas"),
    path("points.geojson", views.points, name="styleguide-points"),
    path("events/", views.events, name="styleguide-events"),
    path("pages/<slug:name>/", views.page, name="styleguide-page"),
    path("<slug:code>/", views.group, name="styleguide-group"),
]
