"""Addresses of the policy library in the portal."""

from django.urls import path

from zhicheng.web.portal import policies

urlpatterns = [
    path("", policies.front, name="policies"),
    path("match/<slug:entity>/", policies.matches, name="policy-match"),
    path("profile/<slug:entity>/", policies.profile, name="policy-profile"),
    path("pushes/", policies.pushes, name="policy-pushes"),
    path("<str:code>/", policies.detail, name="policy"),
    path("<str:code>/compare/", policies.compare, name="policy-compare"),
]
