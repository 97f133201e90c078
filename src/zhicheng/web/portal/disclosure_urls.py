"""Addresses of disclosure on request in the portal."""

from django.urls import path

from zhicheng.web.portal import disclosure, disclosure_following

urlpatterns = [
    path("", disclosure.front, name="disclosure"),
    path("new/", disclosure.new, name="disclosure-new"),
    path("sent/", disclosure.sent, name="disclosure-sent"),
    path("follow/", disclosure_following.follow, name="disclosure-follow"),
    path("opinions/<str:number>/", disclosure_following.opinion, name="disclosure-opinion"),
    path("<str:number>/", disclosure_following.detail, name="disclosure-detail"),
    path("<str:number>/<slug:action>/", disclosure_following.act_on, name="disclosure-act"),
]
