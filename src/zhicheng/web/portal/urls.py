"""Addresses of the portal."""

from django.urls import include, path

from zhicheng.web.portal import appeals, applying, consents, following, home, mine, my_services, preparing, services

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("services/", services.services, name="services"),
    path("services/items/", services.items, name="service-items"),
    path("services/items/<str:code>/", services.guide, name="service-guide"),
    path("services/themes/<slug:code>/", services.theme, name="service-theme"),
    path("services/<str:kind>/<str:code>/apply/", applying.begin, name="service-apply"),
    path("services/suggest/", services.suggest, name="service-suggest"),
    path("assistant/", include("zhicheng.web.portal.assistant_urls")),
    path("disclosure/", include("zhicheng.web.portal.disclosure_urls")),
    path("policies/", include("zhicheng.web.portal.policies_urls")),
    path("appeals/new/", appeals.new, name="appeal-new"),
    path("appeals/similar/", appeals.similar, name="appeal-similar"),
    path("appeals/sent/", appeals.sent, name="appeal-sent"),
    path("appeals/follow/", following.follow, name="appeal-follow"),
    path("t/<str:token>/", following.by_link, name="appeal-link"),
    path("appeals/<str:number>/", following.detail, name="appeal-detail"),
    path("appeals/<str:number>/<slug:action>/", following.act_on, name="appeal-act"),
    path("apply/documents/<uuid:document_id>/", preparing.document, name="apply-document"),
    path("apply/<uuid:draft_id>/", applying.go_on, name="apply"),
    path("apply/<uuid:draft_id>/prefill/", preparing.prefill, name="apply-prefill"),
    path("apply/<uuid:draft_id>/materials/", preparing.materials, name="apply-materials"),
    path("apply/<uuid:draft_id>/check/", applying.check, name="apply-check"),
    path("apply/<uuid:draft_id>/give-up/", applying.give_up, name="apply-give-up"),
    path("apply/<uuid:draft_id>/<slug:section>/", applying.fill, name="apply-section"),
    path("my/", mine.hub, name="my"),
    path("my/services/", my_services.my_services, name="my-services"),
    path("my/services/<str:number>/", my_services.detail, name="my-service"),
    path("my/services/<str:number>/<slug:action>/", my_services.act_on, name="my-service-act"),
    path("my/appeals/", mine.my_appeals, name="my-appeals"),
    path("my/consents/", consents.consents, name="my-consents"),
    path("my/consents/<uuid:consent_id>/withdraw/", consents.withdraw, name="my-consent-withdraw"),
    path("my/messages/", mine.messages, name="my-messages"),
]
