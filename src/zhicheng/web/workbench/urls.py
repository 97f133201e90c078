"""Addresses of the workbench."""

from django.urls import path

from zhicheng.web.workbench import acting, audit, calls, cases, home, queues, units

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
    path("audit/", audit.entries, name="audit"),
    path("audit/verify/", audit.verify_chain, name="audit-verify"),
]
