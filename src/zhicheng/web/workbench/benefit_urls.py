"""Addresses of benefits in the workbench."""

from django.urls import path

from zhicheng.web.workbench import benefit_payments, benefits

urlpatterns = [
    path("benefits/", benefits.runs, name="benefit-runs"),
    path("benefits/plan/", benefits.plan, name="benefit-plan"),
    path("benefits/runs/<uuid:run_id>/", benefits.run, name="benefit-run"),
    path("benefits/runs/<uuid:run_id>/approve/", benefits.approve, name="benefit-approve"),
    path("benefits/reclaims/", benefits.reclaims, name="benefit-reclaims"),
    path("benefits/corrections/<str:number>/", benefits.claim, name="benefit-claim"),
    path("benefits/payments/", benefit_payments.payments, name="benefit-payments"),
    path("benefits/payments/batch/", benefit_payments.batch, name="benefit-batch"),
    path("benefits/payments/return/", benefit_payments.take, name="benefit-return"),
    path("benefits/payments/<str:number>/file/", benefit_payments.file, name="benefit-file"),
    path("benefits/payments/<int:payment>/reissue/", benefit_payments.reissue, name="benefit-reissue"),
]
