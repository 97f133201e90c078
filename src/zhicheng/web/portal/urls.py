"""Addresses of the portal."""

from django.urls import include, path

from zhicheng.web.portal import appeals, following, home, mine, services

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("services/", services.services, name="services"),
    path("services/items/", services.items, name="service-items"),
    path("services/items/<str:code>/", services.guide, name="service-guide"),
    path("services/themes/<slug:code>/", services.theme, name="service-theme"),
    path("services/suggest/", services.suggest, name="service-suggest"),
    path("disclosure/", include("zhicheng.web.portal.disclosure_urls")),
    path("policies/", include("zhicheng.web.portal.policies_urls")),
    path("appeals/new/", appeals.new, name="appeal-new"),
    path("appeals/similar/", appeals.similar, name="appeal-similar"),
    path("appeals/sent/", appeals.sent, name="appeal-sent"),
    path("appeals/follow/", following.follow, name="appeal-follow"),
    path("t/<str:token>/", following.by_link, name="appeal-link"),
    path("appeals/<str:number>/", following.detail, name="appeal-detail"),
    path("appeals/<str:number>/<slug:action>/", following.act_on, name="appeal-act"),
    path("my/appeals/", mine.my_appeals, name="my-appeals"),
    path("my/messages/", mine.messages, name="my-messages"),
]
