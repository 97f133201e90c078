"""Guides of services, clauses of policies and benefits as documents of knowledge, made anew for each release.

Here and not in those apps: they know nothing of questions, and the assistant stands on top of them all.
"""

from collections.abc import Callable, Iterable, Iterator

from zhicheng.apps.assistant.queries.cards import guide_lines
from zhicheng.apps.assistant.values import Subject
from zhicheng.apps.benefits.public import list_benefits
from zhicheng.apps.benefits.values import Benefit
from zhicheng.apps.policies.public import get_library
from zhicheng.apps.policies.values import Policy, PolicyVersion
from zhicheng.apps.services.public import get_catalogue, saving_of
from zhicheng.apps.services.values import ServiceItem, Theme
from zhicheng.core.knowledge.public import DocumentSource
from zhicheng.core.knowledge.values import DocumentText
from zhicheng.core.packs.public import NoPackInstalled, current_release


def list_guides() -> Iterator[DocumentText]:
    """The guide of every item and theme."""
    catalogue = get_catalogue()
    for item in catalogue.items.values():
        yield _guide(item)
    for theme in catalogue.themes.values():
        labels = [catalogue.items[step.item].label for step in theme.steps]
        yield _theme(theme, labels, saving_of(theme, catalogue).together.days)


def list_policy_texts() -> Iterator[DocumentText]:
    """Every version of every policy, clause by clause, with the days on which it holds."""
    for policy in get_library().policies.values():
        for version in policy.versions:
            yield _policy(policy, version)


def list_benefit_texts() -> Iterator[DocumentText]:
    """What every benefit is, and what it rests on."""
    for audience in ("person", "company"):
        for benefit in list_benefits(audience=audience):
            yield _benefit(benefit)


def sources() -> dict[str, DocumentSource]:
    """The sources by their codes."""
    return {
        "guides": _source(list_guides),
        "policies": _source(list_policy_texts),
        "benefits": _source(list_benefit_texts),
    }


def _source(listed: Callable[[], Iterator[DocumentText]]) -> DocumentSource:
    def documents() -> Iterable[DocumentText]:
        return list(listed()) if _release() else []

    return DocumentSource(documents, _release)


def _release() -> str:
    """Another text for each release of the pack; nothing before the first."""
    try:
        return str(current_release().id)
    except NoPackInstalled:
        return ""


def _guide(item: ServiceItem) -> DocumentText:
    lines = guide_lines(Subject("item", item.code, item.label))
    sections = tuple(
        ((line.label,), f"{item.label}{_JOINED.get(line.label, line.label)}：{line.value}。") for line in lines
    )
    return DocumentText(
        code=f"guide:{item.code}",
        kind="guide",
        title=item.label,
        also=tuple(item.keywords),
        sections=sections,
        source=f"《{item.label}》办事指南",
        link=f"/services/items/{item.code}/",
        audience=tuple(item.audience),
        refs={"services": (item.code,), "department": (item.department,)},
    )


def _theme(theme: Theme, labels: list[str], days: int) -> DocumentText:
    whole = f"“{theme.label}”把{'、'.join(labels)}合成一次办，承诺 {days} 个工作日内办完。"
    return DocumentText(
        code=f"guide:{theme.code}",
        kind="guide",
        title=theme.label,
        also=tuple(theme.keywords),
        sections=((("一件事",), f"{theme.summary.rstrip('。')}。{whole}"),),
        source=f"“{theme.label}”一件事办事指南",
        link=f"/services/themes/{theme.code}/",
        audience=tuple(theme.audience),
        refs={"services": (theme.code,)},
    )


def _policy(policy: Policy, version: PolicyVersion) -> DocumentText:
    head = ((("摘要",), f"{policy.summary.rstrip('。')}。{policy.support.rstrip('。')}。"),)
    clauses = tuple(((clause.title,), clause.text) for clause in version.clauses)
    return DocumentText(
        code=f"policy:{policy.code}@{version.code}",
        kind="policy",
        title=policy.label,
        also=tuple(policy.keywords),
        sections=(*head, *clauses),
        source=f"{policy.label}（{version.number}）",
        link=f"/policies/{policy.code}/?version={version.code}",
        audience=tuple(policy.audience),
        region=policy.region,
        valid_from=version.from_date,
        valid_until=version.to_date,
        refs={"policies": (policy.code,), **({"services": (policy.item,)} if policy.item else {})},
    )


def _benefit(benefit: Benefit) -> DocumentText:
    how = "到时自动发放，不用申请" if benefit.pay == "auto" else "本人确认以后发放，不用交材料"
    return DocumentText(
        code=f"benefit:{benefit.code}",
        kind="policy",
        title=benefit.label,
        sections=((("免申即享",), f"{benefit.summary.rstrip('。')}。{benefit.label}{how}。"),),
        source=benefit.legal_source or f"{benefit.label}（免申即享清单）",
        link="/benefits/",
        audience=(benefit.audience,),
        refs={"benefits": (benefit.code,), "department": (benefit.department,)},
    )


_JOINED = {"承诺时限": "的承诺时限", "法定时限": "的法定时限", "收费": "的收费", "到现场": "要到现场的次数"}
