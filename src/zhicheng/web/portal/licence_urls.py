"""Addresses of licences in the portal: the wallet, and what verifiers use."""

from django.urls import path

from zhicheng.web.portal import licences, renewing, verifying

urlpatterns = [
    path("my/licences/", licences.wallet, name="wallet"),
    path("my/licences/<str:number>/", licences.licence, name="licence"),
    path("my/licences/<str:number>/code/", licences.code, name="licence-code"),
    path("my/licences/<str:number>/print/", licences.paper, name="licence-print"),
    path("my/licences/<str:number>/file/", licences.file, name="licence-file"),
    path("my/licences/<str:number>/renew/", renewing.renew, name="licence-renew"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/check/", verifying.check, name="verify-check"),
    path("verify/worker.js", verifying.worker, name="verify-worker"),
    path("verify/trust.json", verifying.trust, name="verify-trust"),
    path("licences/issuer", verifying.issuer, name="licence-issuer"),
    path("licences/context", verifying.context, name="licence-context"),
    path("licences/status/<slug:purpose>/<int:number>", verifying.status, name="licence-status"),
]
