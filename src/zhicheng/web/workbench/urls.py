"""Addresses of the workbench."""

from django.urls import path

from zhicheng.web.workbench import accounts, acting, audit, calls, cases, home, managing, operations, queues, units

urlpatterns = [
    path("", home.home, name="workbench"),
    path("messages/", home.messages, name="workbench-messages"),
    path("queues/<str:code>/", queues.queue, name="queue"),
    path("queues/<str:code>/bulk/", acting.bulk, name="queue-bulk"),
    path("cases/", queues.search, name="case-search"),
    path("cases/<str:number>/", cases.page, name="case"),
    path("cases/<str:number>/actions/<slug:action>/", acting.act_on, name="case-act"),
    path("cases/<str:number>/reveal/", cases.reveal_party, name="case-reveal"),
    path("calls/", calls.desk, name="call-desk"),
    path("calls/preview/", calls.preview, name="call-preview"),
    path("units/", units.tree, name="unit-root"),
    path("units/<str:code>/", units.tree, name="unit"),
    path("reports/today/", units.today, name="reports-today"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.new, name="account-new"),
    path("accounts/units/", managing.units, name="account-units"),
    path("accounts/<uuid:account_id>/", managing.account, name="account-managed"),
    path("accounts/<uuid:account_id>/disable/", managing.switch, {"active": False}, name="account-disable"),
    path("accounts/<uuid:account_id>/enable/", managing.switch, {"active": True}, name="account-enable"),
    path("accounts/<uuid:account_id>/unlock/", managing.unlock, name="account-unlock"),
    path("accounts/<uuid:account_id>/reset/", managing.reset, name="account-reset"),
    path("accounts/<uuid:account_id>/grant/", managing.grant, name="account-grant"),
    path("accounts/<uuid:account_id>/grants/<uuid:grant_id>/revoke/", managing.revoke, name="account-revoke"),
    path("accounts/<uuid:account_id>/keys/", managing.issue_key, name="account-key"),
    path("accounts/<uuid:account_id>/keys/<slug:prefix>/revoke/", managing.revoke_key, name="account-key-revoke"),
    path("operations/", operations.health, name="operations"),
    path("operations/events/", operations.retry_events, name="operations-events"),
    path("operations/notices/", operations.retry_notices, name="operations-notices"),
    path("audit/", audit.entries, name="audit"),
    path("audit/verify/", audit.verify_chain, name="audit-verify"),
]
