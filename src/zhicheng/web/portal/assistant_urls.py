"""Addresses of the assistant on the portal."""

from django.urls import path

from zhicheng.web.portal import assistant, assistant_photo, assistant_rating

urlpatterns = [
    path("", assistant.begin, name="assistant"),
    path("history/", assistant.history, name="assistant-history"),
    path("cases/<str:number>/", assistant.of_case, name="assistant-of-case"),
    path("<uuid:conversation_id>/", assistant.talk, name="assistant-talk"),
    path("<uuid:conversation_id>/news/", assistant.news, name="assistant-news"),
    path("<uuid:conversation_id>/photo/", assistant_photo.add_photo, name="assistant-photo"),
    path("<uuid:conversation_id>/rate/<uuid:turn_id>/", assistant_rating.rate_turn, name="assistant-rate"),
]
