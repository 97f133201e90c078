"""Addresses of disclosure on request in the workbench."""

from django.urls import path

from zhicheng.web.workbench import disclosure

urlpatterns = [
    path("", disclosure.report, name="disclosure-report"),
    path("<str:number>/", disclosure.page, name="disclosure-request"),
    path("<str:number>/consult/", disclosure.ask, name="disclosure-consult"),
    path("<str:number>/reveal/", disclosure.reveal_applicant, name="disclosure-reveal"),
]
