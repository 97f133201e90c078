"""The pages that `tools/screenshots.py` takes: who looks, where, and what they do there first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

RESIDENT = "13800138001"
LAMP = "平湖街道富安大道路灯坏了三盏，已经三天了，晚上很黑，老人小孩走路看不清"
NOISE = "工地半夜两点还在打桩，全家都睡不着"


@dataclass(frozen=True)
class Shot:
    """One page. `open_first` is a selector whose link is followed; `keep` names the cookies that later pages use."""

    name: str
    title: str
    path: str
    who: str = ""
    open_first: str = ""
    act: Callable[[Page], None] | None = None
    whole: bool = True
    wait_s: float = 0.4
    keep: str = ""

    def visit(self, page: Page, city: str) -> None:
        """Go there."""
        page.goto(city + self.path)
        if self.open_first:
            link = page.locator(self.open_first).first.get_attribute("href")
            page.goto(city + str(link))


def write_appeal(page: Page) -> None:
    """Fill the appeal form as an anonymous resident does, up to the last step."""
    page.fill("#id_text", LAMP)
    page.click("[data-step-next]")
    page.fill("#id_place_address", "龙岗区平湖街道富安大道")
    page.click("[data-step-next]")
    page.click("[data-step-next]")
    page.check("input[value=anonymous]")
    page.click("[data-step-next]")


def send_appeal(page: Page) -> None:
    """Send it, and go on where a like one is shown."""
    write_appeal(page)
    page.click("[data-step-send]")
    page.wait_for_load_state("load")
    if "/sent/" not in page.url:
        page.locator("main form button:not([name=join])").last.click()
        page.wait_for_url("**/appeals/sent/")


def place_step(page: Page) -> None:
    """The second step, with its map."""
    page.fill("#id_text", LAMP)
    page.click("[data-step-next]")


def take_call(page: Page) -> None:
    """Type what a caller says, and wait for the machine's opinion."""
    page.fill("#id_phone", "13912345678")
    page.fill("#id_name", "李女士")
    page.locator("#id_text").press_sequentially(NOISE, delay=5)
    page.fill("#id_place_address", "龙岗区平湖街道")
    page.locator("#id_text").press_sequentially("。", delay=5)
    page.wait_for_timeout(2500)


def find_item(page: Page) -> None:
    """Open the form of the main action and look an item up."""
    page.wait_for_timeout(800)
    page.get_by_role("button", name="分拨", exact=True).click()
    page.get_by_role("combobox", name="诉求事项").fill("路灯")


def show_keys(page: Page) -> None:
    """The list of keys."""
    page.wait_for_timeout(800)
    page.keyboard.press("?")


def submit_empty(page: Page) -> None:
    """Send a form with nothing in it."""
    page.locator("main form button").first.click()
    page.wait_for_timeout(300)


def ask(page: Page) -> None:
    """Ask the assistant, and follow up."""
    for words in ("居住证怎么办？", "要多久？"):
        page.fill("textarea", words)
        page.keyboard.press("Enter")
        page.wait_for_timeout(3500)


CASE = "a[href^='/workbench/cases/SZ']"
ACCOUNT = "main a[href^='/workbench/accounts/0']"
MINE = "main a[href^='/appeals/SZ']"

PAGES = (
    Shot("portal-home", "门户首页（未登录）", "/"),
    Shot("portal-search", "搜索", "/search/?q=路灯"),
    Shot("portal-appeal-new", "我要反映：说", "/appeals/new/"),
    Shot("portal-appeal-place", "我要反映：地点", "/appeals/new/", act=place_step, wait_s=2.5),
    Shot("portal-appeal-check", "我要反映：核对", "/appeals/new/", act=write_appeal),
    Shot("portal-appeal-sent", "回执", "/appeals/new/", act=send_appeal, keep="guest"),
    Shot("portal-follow", "查进度", "/appeals/follow/"),
    Shot("portal-follow-errors", "查进度：没有填", "/appeals/follow/", act=submit_empty),
    Shot("portal-services", "办事", "/services/"),
    Shot("portal-services-found", "办事：查找", "/services/items/?q=生小孩要办什么"),
    Shot("portal-theme", "一件事：人才引进入户", "/services/themes/talent_hukou/"),
    Shot("portal-item", "办事指南", "/services/items/residence.permit_apply/"),
    Shot("portal-benefits", "补贴", "/benefits/"),
    Shot("portal-policies", "政策", "/policies/"),
    Shot("portal-policy", "一份政策，小龙说政事", "/policies/person.graduate_rent/"),
    Shot("portal-assistant", "深小i", "/assistant/", act=ask),
    Shot("portal-disclosure", "依申请公开", "/disclosure/"),
    Shot("portal-verify", "核验证照", "/verify/"),
    Shot("portal-signin", "市民登录", "/signin/"),
    Shot("portal-signin-official", "工作人员登录", "/signin/official/"),
    Shot("portal-not-found", "找不到页面", "/nowhere/"),
    Shot("portal-home-resident", "门户首页（已登录）", "/", RESIDENT),
    Shot("portal-mine", "我的诉求", "/my/appeals/", RESIDENT),
    Shot("portal-appeal", "一件诉求", "/my/appeals/", RESIDENT, open_first=MINE, wait_s=2.0),
    Shot("portal-messages", "消息", "/my/messages/", RESIDENT),
    Shot("portal-account", "我的账号", "/account/", RESIDENT),
    Shot("portal-licences", "我的证照", "/my/licences/", RESIDENT),
    Shot("portal-my-benefits", "我的补贴", "/my/benefits/", "13800138004"),
    Shot("portal-consents", "我同意过的", "/my/consents/", RESIDENT),
    Shot("workbench-calls", "接电话", "/workbench/calls/", "call.taker", act=take_call, wait_s=1.5),
    Shot("workbench-home-calls", "工作台首页（坐席）", "/workbench/", "call.taker"),
    Shot("workbench-home-dispatcher", "工作台首页（分拨员）", "/workbench/", "dispatcher.district"),
    Shot("workbench-triage", "待分拨队列", "/workbench/queues/appeal.triage/", "dispatcher.district"),
    Shot(
        "workbench-case-triage",
        "待分拨工单",
        "/workbench/queues/appeal.triage/",
        "dispatcher.district",
        CASE,
        wait_s=2.0,
    ),
    Shot(
        "workbench-dispatch",
        "分拨：找事项",
        "/workbench/queues/appeal.triage/",
        "dispatcher.district",
        CASE,
        act=find_item,
        whole=False,
    ),
    Shot("workbench-arbitration", "待仲裁队列", "/workbench/queues/appeal.arbitration/", "arbiter.district"),
    Shot("workbench-home-handler", "工作台首页（承办人）", "/workbench/", "handler.street"),
    Shot("workbench-to-accept", "待签收队列", "/workbench/queues/appeal.to_accept/", "handler.street"),
    Shot("workbench-in-hand", "办理中队列", "/workbench/queues/appeal.in_hand/", "handler.street"),
    Shot("workbench-paused", "暂停计时的工单", "/workbench/queues/appeal.in_hand/?paused=yes", "supervisor.district"),
    Shot("workbench-keys", "快捷键", "/workbench/queues/appeal.in_hand/", "handler.street", act=show_keys, whole=False),
    Shot("workbench-case", "工单页", "/workbench/queues/appeal.in_hand/", "handler.street", CASE, wait_s=2.0),
    Shot("workbench-search", "查工单", "/workbench/cases/", "handler.street"),
    Shot("workbench-messages", "工作台消息", "/workbench/messages/", "handler.street"),
    Shot("workbench-account", "我的账号（工作人员）", "/account/", "handler.street"),
    Shot("workbench-password", "修改密码", "/account/password/", "handler.street"),
    Shot("workbench-delegation", "委托", "/account/delegation/", "handler.street"),
    Shot("workbench-identities", "窗口实名", "/workbench/identities/", "handler.street2"),
    Shot("workbench-assistant", "在线咨询", "/workbench/assistant/", "clerk"),
    Shot("workbench-home-supervisor", "工作台首页（督办）", "/workbench/", "supervisor.district"),
    Shot("workbench-units", "单位督办", "/workbench/units/", "supervisor.district"),
    Shot("workbench-reports", "今日报表", "/workbench/reports/today/", "supervisor.district"),
    Shot("workbench-accounts", "账号与授权", "/workbench/accounts/", "admin.system"),
    Shot("workbench-account-managed", "一个账号", "/workbench/accounts/", "admin.system", ACCOUNT),
    Shot("workbench-account-new", "新建账号", "/workbench/accounts/new/", "admin.system"),
    Shot("workbench-operations", "运行状况", "/workbench/operations/", "admin.system"),
    Shot("workbench-home-leader", "工作台首页（市领导）", "/workbench/", "leader"),
    Shot("workbench-savings", "一件事省了多少", "/workbench/reports/savings/", "leader"),
    Shot("workbench-benefits", "补贴批次", "/workbench/benefits/", "benefit.officer"),
    Shot("workbench-home-auditor", "工作台首页（审计员）", "/workbench/", "auditor"),
    Shot("workbench-audit", "审计", "/workbench/audit/", "auditor"),
    Shot("cockpit", "驾驶舱（市领导）", "/cockpit/", "leader", whole=False, wait_s=4.0),
    Shot("cockpit-district", "驾驶舱（区领导）", "/cockpit/", "leader.district", whole=False, wait_s=4.0),
    Shot(
        "cockpit-street",
        "驾驶舱（街道，叠加楼栋和道路）",
        "/cockpit/?area=440304&layers=building,road&at=114.0579,22.541,15",
        "leader",
        whole=False,
        wait_s=8.0,
    ),
    Shot("twin", "孪生底座", "/workbench/twin/", "leader"),
    Shot("twin-ask", "问地图", "/workbench/twin/ask/?q=福田区100米以上的办公楼", "leader", wait_s=4.0),
    Shot("twin-applications", "孪生应用档案", "/workbench/twin/applications/", "leader"),
    Shot("indicators", "指标", "/workbench/indicators/", "leader"),
    Shot("api-docs", "接口文档", "/api/docs", wait_s=2.0),
    Shot("styleguide", "组件", "/styleguide/"),
)
SELECTION = (
    "portal-home-390.png",
    "portal-home-1440.png",
    "portal-appeal-new-390.png",
    "portal-appeal-check-390.png",
    "portal-appeal-sent-390.png",
    "portal-appeal-390.png",
    "portal-theme-390.png",
    "portal-my-benefits-390.png",
    "portal-assistant-390.png",
    "workbench-calls-1440.png",
    "workbench-triage-1440.png",
    "workbench-case-triage-1440.png",
    "workbench-home-handler-1440.png",
    "workbench-case-1440.png",
    "workbench-units-1440.png",
    "workbench-audit-1440.png",
    "cockpit-1920.png",
    "cockpit-street-1920.png",
    "twin-ask-1440.png",
    "indicators-1440.png",
)
