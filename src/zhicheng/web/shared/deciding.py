"""How an application was decided, for the why-panel: the rule, its source, the facts and where they came from."""

from typing import Any

from zhicheng.apps.services.values import ApplicationInfo, RuleVerdict

_OUTCOMES = {"yes": "符合", "no": "不符合", "unknown": "不能确定", "failed": "没有算出来", "value": ""}
_CONTEST = "对结果有异议，可以申请人工复核，也可以自知道之日起 60 日内依法申请行政复议，或者 6 个月内提起行政诉讼。"


def why_views(info: ApplicationInfo, *, for_official: bool = False) -> list[dict[str, Any]]:
    """One panel a rule, then one for what a person has to look at."""
    decision = info.decision
    if decision is None:
        return []
    read = [
        {
            "label": fact.label,
            "value": fact.said,
            "source": fact.source if fact.verified else f"{fact.source}，未核实",
        }
        for fact in decision.facts
    ]
    panels = [_rule_panel(verdict, read) for verdict in decision.verdicts]
    if decision.problems:
        panels.insert(
            0,
            {
                "title": "需要人工审查的地方" if for_official else "为什么要人工审查",
                "summary": f"共 {len(decision.problems)} 处，其余已由规则核验。",
                "steps": [problem.text for problem in decision.problems],
                "contest": "",
            },
        )
    return panels


def _rule_panel(verdict: RuleVerdict, facts: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "title": f"规则「{verdict.label}」：{_OUTCOMES.get(verdict.outcome, verdict.outcome)}",
        "summary": "",
        "facts": facts,
        "steps": list(verdict.reasons),
        "rule": {"label": verdict.rule, "version": verdict.version, "source": verdict.legal_source},
        "contest": _CONTEST,
    }
