"""Addresses of licences in the workbench."""

from django.urls import path

from zhicheng.web.workbench import licences

urlpatterns = [
    path("licences/", licences.licences, name="unit-licences"),
    path("licences/<str:number>/", licences.licence, name="unit-licence"),
    path("licences/<str:number>/reveal/", licences.reveal, name="unit-licence-reveal"),
    path("licences/<str:number>/revoke/", licences.act, {"action": "revoke"}, name="unit-licence-revoke"),
    path("licences/<str:number>/suspend/", licences.act, {"action": "suspend"}, name="unit-licence-suspend"),
    path("licences/<str:number>/resume/", licences.act, {"action": "resume"}, name="unit-licence-resume"),
]
