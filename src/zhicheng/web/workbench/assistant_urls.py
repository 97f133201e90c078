"""Addresses of the clerk's desk."""

from django.urls import path

from zhicheng.web.workbench import assistant, assistant_entries

urlpatterns = [
    path("", assistant.desk, name="desk"),
    path("suggest/", assistant.suggestions, name="desk-suggest"),
    path("entries/<str:number>/", assistant_entries.page, name="desk-entry"),
    path("<str:number>/", assistant.page, name="desk-talk"),
    path("<str:number>/answer/", assistant.answer, name="desk-answer"),
    path("<str:number>/draft/", assistant.draft, name="desk-draft"),
]
