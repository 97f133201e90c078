from collections import Counter

from zhicheng.core.cases.public import Purpose, list_cases
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.ledger.public import verify
from zhicheng.core.parties.public import count_demo_accounts
from zhicheng.core.parties.values import system_actor
from zhicheng.kit.clock import now
from zhicheng.simulator.public import demo_accounts_text, seed_demo


def all_cases():
    return list_cases(system_actor("test"), CaseFilter(), purpose=Purpose.ANY, limit=500).rows


class TestSeedDemo:
    def test_fills_a_city_with_appeals_in_every_state_once(self, city):
        seed_demo()
        cases = all_cases()
        accounts = count_demo_accounts()
        states = Counter(case.state for case in cases if case.process == "appeal")
        assert set(states) >= {"assigned", "handling", "arbitration", "replied", "follow_up", "closed"}
        assert sum(states.values()) >= 55
        assert any(case.due_at and case.due_at < now() for case in cases)
        assert "dispatcher" in demo_accounts_text()
        seed_demo()
        assert (len(all_cases()), count_demo_accounts()) == (len(cases), accounts)
        assert verify(now=now()).is_intact
