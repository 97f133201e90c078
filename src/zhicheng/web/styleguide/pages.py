"""Every page template with an illustrative context, so that it can be seen before its view exists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhicheng.web.styleguide import samples


@dataclass(frozen=True)
class PageSample:
    """One page template; its context is `samples/<sample>.yaml`."""

    face: str
    title: str
    template: str
    sample: str

    def context(self, now: datetime) -> dict[str, Any]:
        """What the page is shown with."""
        return samples.load(self.sample, now)


PORTAL, WORKBENCH, COCKPIT = "门户", "工作台", "驾驶舱"

PAGES: dict[str, PageSample] = {
    "home": PageSample(PORTAL, "首页", "portal/home.html", "home"),
    "home_guest": PageSample(PORTAL, "首页（未登录）", "portal/home.html", "home_guest"),
    "appeal_new": PageSample(PORTAL, "我要反映", "portal/appeal_new.html", "appeal_new"),
    "appeal_new_errors": PageSample(PORTAL, "我要反映（有错误）", "portal/appeal_new.html", "appeal_new_errors"),
    "appeal_similar": PageSample(PORTAL, "是不是同一个问题", "portal/appeal_similar.html", "appeal_similar"),
    "appeal_sent": PageSample(PORTAL, "回执", "portal/appeal_sent.html", "appeal_sent"),
    "appeal_follow": PageSample(PORTAL, "查进度", "portal/appeal_follow.html", "appeal_follow"),
    "appeal_detail": PageSample(PORTAL, "诉求详情", "portal/appeal_detail.html", "appeal_detail"),
    "appeal_answered": PageSample(PORTAL, "诉求详情（已答复）", "portal/appeal_detail.html", "appeal_answered"),
    "rate": PageSample(PORTAL, "评价", "portal/rate.html", "rate"),
    "rate_done": PageSample(PORTAL, "评价（完成）", "portal/rate.html", "rate_done"),
    "my_appeals": PageSample(PORTAL, "我的诉求", "portal/my_appeals.html", "my_appeals"),
    "my_appeals_empty": PageSample(PORTAL, "我的诉求（空）", "portal/my_appeals.html", "my_appeals_empty"),
    "search": PageSample(PORTAL, "搜索", "portal/search.html", "search"),
    "service_guide": PageSample(PORTAL, "办事指南", "portal/services/guide.html", "service_guide"),
    "service_theme": PageSample(PORTAL, "一件事", "portal/services/theme.html", "service_theme"),
    "licences_wallet": PageSample(PORTAL, "我的证照", "portal/licences/wallet.html", "licences_wallet"),
    "benefits_mine": PageSample(PORTAL, "我的补贴", "portal/benefits/mine.html", "benefits_mine"),
    "messages": PageSample(PORTAL, "消息", "portal/messages.html", "messages"),
    **{
        f"error_{status}": PageSample(PORTAL, f"错误 {status}", "portal/error.html", f"error_{status}")
        for status in (403, 404, 409, 422, 429, 500)
    },
    "workbench_home": PageSample(WORKBENCH, "首页（督办）", "workbench/home.html", "workbench_home"),
    "workbench_home_handler": PageSample(WORKBENCH, "首页（承办人）", "workbench/home.html", "workbench_home_handler"),
    "queue": PageSample(WORKBENCH, "队列", "workbench/queue.html", "queue"),
    "queue_empty": PageSample(WORKBENCH, "队列（空）", "workbench/queue.html", "queue_empty"),
    "case": PageSample(WORKBENCH, "工单", "workbench/case.html", "case"),
    "case_errors": PageSample(WORKBENCH, "工单（有错误）", "workbench/case.html", "case_errors"),
    "call_desk": PageSample(WORKBENCH, "接电话", "workbench/call_desk.html", "call_desk"),
    "unit_tree": PageSample(WORKBENCH, "单位督办", "workbench/unit_tree.html", "unit_tree"),
    "audit": PageSample(WORKBENCH, "审计", "workbench/audit.html", "audit"),
    "accounts": PageSample(WORKBENCH, "账号", "workbench/accounts.html", "accounts"),
    "account": PageSample(WORKBENCH, "账号详情", "workbench/account.html", "account"),
    "account_service": PageSample(WORKBENCH, "账号详情（外部系统）", "workbench/account.html", "account_service"),
    "account_new": PageSample(WORKBENCH, "新建账号（有错误）", "workbench/account_new.html", "account_new"),
    "operations": PageSample(WORKBENCH, "运行状况", "workbench/operations.html", "operations"),
    "reports": PageSample(WORKBENCH, "今日报表", "workbench/reports.html", "reports"),
    "savings": PageSample(WORKBENCH, "一件事成效", "workbench/savings.html", "savings"),
    "workbench_messages": PageSample(WORKBENCH, "消息", "workbench/messages.html", "workbench_messages"),
    "cockpit": PageSample(COCKPIT, "城市运行", "cockpit/wall.html", "cockpit"),
}
