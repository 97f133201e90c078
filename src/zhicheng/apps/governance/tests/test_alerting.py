"""A crossed threshold is told once, opens a case where it should, and is over when the value is well back."""

import pytest

from zhicheng.apps.appeals.tests.town import Case, do, later
from zhicheng.apps.governance.public import latest_values, list_alerts
from zhicheng.apps.governance.tests.days import EAST_BRIDGE, appeals, follow
from zhicheng.core.cases.public import act
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.notices.public import list_notices
from zhicheng.core.parties.values import ANONYMOUS

pytestmark = pytest.mark.usefixtures("lake", "monday")
WORKS = "unit:YX-WORKS"


def told() -> list[str]:
    return [notice.title for notice in list_notices(WORKS).notices if notice.title.startswith("指标")]


class TestFollowThresholds:
    def test_tells_the_owner_once_a_crossing(self):
        appeals(east=4)
        follow()
        follow(later(minutes=2))
        assert [title for title in told() if "受理" in title] == ["指标关注：全市受理诉求量 4 件"]

    def test_tells_again_when_it_gets_worse(self):
        appeals(east=4)
        follow()
        appeals(east=2, now=later(minutes=1))
        follow(later(minutes=2))
        assert next(title for title in told() if "受理" in title) == "指标预警：全市受理诉求量 6 件"

    def test_opens_a_case_and_ends_it_when_the_value_is_back(self):
        made = appeals(east=3)
        follow()
        cases = Case.objects.filter(process="indicator_alert")
        assert {case.unit_id for case in cases} == {"YX-WORKS"}
        assert len(cases) == 2  # of the town, and of the community
        for appeal in made[:2]:
            act(
                ActCommand(appeal.case_id, "withdraw", {}, proofs=frozenset({"requester"})), ANONYMOUS, later(minutes=3)
            )
        follow(later(minutes=4))
        assert {case.state for case in cases.all()} == {"returned"}
        assert not [alert for alert in list_alerts() if alert.indicator == "appeal.open"]
        assert any(title.startswith("指标恢复") for title in told())

    def test_ends_where_nothing_is_left(self):
        made = appeals(east=3)
        follow()
        for appeal in made:
            act(
                ActCommand(appeal.case_id, "withdraw", {}, proofs=frozenset({"requester"})), ANONYMOUS, later(minutes=3)
            )
        follow(later(minutes=4))
        assert list_alerts(code="appeal.open") == []
        assert latest_values(EAST_BRIDGE)["appeal.open"].value == 0

    def test_leaves_a_case_alone_that_people_have_settled(self):
        made = appeals(east=3)
        follow()
        case = Case.objects.filter(process="indicator_alert").first()
        do(case.id, "settle", "chen.wei", text="已经增派人手，逐件核实并答复。")
        for appeal in made:
            act(
                ActCommand(appeal.case_id, "withdraw", {}, proofs=frozenset({"requester"})), ANONYMOUS, later(minutes=3)
            )
        follow(later(minutes=4))
        assert Case.objects.get(pk=case.pk).state == "settled"

    def test_is_listed_until_it_is_over(self):
        appeals(east=3)
        follow()
        areas = {alert.area for alert in list_alerts(code="appeal.open")}
        assert areas == {"990100", EAST_BRIDGE}
