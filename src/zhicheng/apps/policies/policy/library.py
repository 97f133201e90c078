"""The library of policies: browsing without a database."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from zhicheng.apps.policies.errors import PolicyUnknown
from zhicheng.apps.policies.values import Policy, PolicyFilter, PolicyVersion


class Library:
    """Every policy of the installed pack by code, in the order of the pack."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self.policies = {policy.code: policy for policy in policies}

    def get(self, code: str) -> Policy:
        """One policy.

        Raises:
            PolicyUnknown: there is none.
        """
        if code not in self.policies:
            raise PolicyUnknown()
        return self.policies[code]

    def version(self, code: str, version: str) -> PolicyVersion:
        """One version of a policy.

        Raises:
            PolicyUnknown: there is none.
        """
        found = next((each for each in self.get(code).versions if each.code == version), None)
        if found is None:
            raise PolicyUnknown()
        return found

    def browse(self, wanted: PolicyFilter, on: date) -> list[Policy]:
        """Policies that a filter leaves, without looking at its text: what is in force first, newest first."""
        found = [policy for policy in self.policies.values() if _fits(policy, wanted, on)]
        order = {"in_force": 0, "coming": 1, "ended": 2}
        return sorted(found, key=lambda each: (order[each.status(on)], -each.current(on).from_date.toordinal()))

    def with_rules(self, entity: str, on: date) -> list[Policy]:
        """Policies in force that are for a kind of applicant and have a rule of eligibility."""
        return [
            policy
            for policy in self.policies.values()
            if policy.rule and entity in policy.audience and policy.status(on) == "in_force"
        ]

    def topics(self) -> dict[str, int]:
        """Topics with how many policies they have, most first."""
        return dict(Counter(topic for policy in self.policies.values() for topic in policy.topics).most_common())


def _fits(policy: Policy, wanted: PolicyFilter, on: date) -> bool:
    return (
        (not wanted.topic or wanted.topic in policy.topics)
        and (not wanted.audience or wanted.audience in policy.audience)
        and (not wanted.issuer or wanted.issuer == policy.issuer)
        and (not wanted.status or wanted.status == policy.status(on))
    )
