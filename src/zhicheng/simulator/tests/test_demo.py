import json
import re
from collections import Counter
from datetime import timedelta

from django.conf import settings

from zhicheng.apps.appeals.public import service_levels
from zhicheng.apps.appeals.values import ServiceLevel
from zhicheng.apps.benefits.public import list_my_entitlements
from zhicheng.core.cases.public import Purpose, list_cases
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.ledger.public import verify
from zhicheng.core.parties.public import actor_for, count_demo_accounts, request_sms_code, sign_in_resident
from zhicheng.core.parties.values import system_actor
from zhicheng.kit.clock import now
from zhicheng.simulator.public import demo_accounts_text, seed_demo


def all_cases():
    return list_cases(system_actor("test"), CaseFilter(), purpose=Purpose.ANY, limit=500).rows


def allowances(phone: str) -> set[str]:
    """What a demo resident is granted without asking."""
    at = now()
    request_sms_code(phone, address="test", now=at)
    text = json.loads((settings.OUTBOUND_ROOT / "sms.jsonl").read_text(encoding="utf-8").splitlines()[-1])["text"]
    account = sign_in_resident(phone, re.search(r"\d{6}", text).group(), now=at)
    return {each.benefit for each in list_my_entitlements(actor_for(account.id, now=at))}


class TestSeedDemo:
    def test_fills_a_city_with_appeals_in_every_state_once(self, city):
        seed_demo()
        cases = all_cases()
        accounts = count_demo_accounts()
        states = Counter(case.state for case in cases if case.process == "appeal")
        assert set(states) >= {"assigned", "handling", "arbitration", "replied", "follow_up", "closed"}
        assert sum(states.values()) >= 150
        assert any(case.due_at and case.due_at < now() for case in cases)
        assert "dispatcher" in demo_accounts_text()
        assert self._levels_behind() == []
        if city == "shenzhen":
            assert "elderly_allowance" in allowances("13800138004")
            assert allowances("13800138001") == set()
        seed_demo()
        assert (len(all_cases()), count_demo_accounts()) == (len(cases), accounts)
        assert verify(now=now()).is_intact

    def _levels_behind(self) -> list[str]:
        """What a well-run city would be ashamed of: far from its target by the records, or with nothing counted."""
        at = now()
        levels = service_levels(at - timedelta(days=30), at, at)
        return [f"{level.code} {level.value}" for level in levels if level.value is None or self._gap(level) > 0.03]

    def _gap(self, level: ServiceLevel) -> float:
        return level.target - level.value if level.direction == "at_least" else level.value - level.target
