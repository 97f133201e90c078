"""Addresses of indicators in the workbench."""

from django.urls import path

from zhicheng.web.workbench import indicator_rows, indicators

urlpatterns = [
    path("", indicators.catalogue, name="indicators"),
    path("<str:code>/", indicators.one, name="indicator"),
    path("<str:code>/rows/", indicator_rows.rows, name="indicator-rows"),
    path("<str:code>/series.csv", indicator_rows.export, name="indicator-series"),
]
