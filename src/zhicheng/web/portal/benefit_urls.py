"""Addresses of benefits in the portal."""

from django.urls import path

from zhicheng.web.portal import benefits

urlpatterns = [
    path("benefits/", benefits.catalogue, name="benefits"),
    path("benefits/<slug:code>/", benefits.benefit, name="benefit"),
    path("benefits/<slug:code>/correct/", benefits.correct, name="benefit-correct"),
    path("my/benefits/", benefits.mine, name="my-benefits"),
    path("my/benefits/<int:number>/", benefits.entitlement, name="my-benefit"),
    path("my/benefits/<int:number>/confirm/", benefits.confirm, name="my-benefit-confirm"),
    path("my/benefits/cases/<str:number>/", benefits.case, name="my-benefit-case"),
    path("my/benefits/cases/<str:number>/<slug:action>/", benefits.act_on, name="my-benefit-act"),
]
