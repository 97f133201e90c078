"""What an answer must say by law: its articles and how to contest it."""

from collections.abc import Iterator

from zhicheng.apps.disclosure.values import Answer, Terms


def answer_of(terms: Terms, decision: str, ground: str) -> Answer | None:
    """A decision in words; None for one that the terms do not know."""
    found = terms.decisions.get(decision)
    if found is None:
        return None
    reason = terms.grounds.get(ground) if found.ground else None
    articles = [found.article, *([reason.article] if reason else [])]
    return Answer(
        label=found.label,
        ground=reason.label if reason else "",
        articles=[f"《{terms.regulation}》{article}" for article in dict.fromkeys(articles)],
        remedy=terms.remedies[found.remedy],
    )


def decision_faults(terms: Terms, decision: str, ground: str, *, supplemented: bool) -> Iterator[tuple[str, str]]:
    """What speaks against a decision: field and sentence."""
    found = terms.decisions.get(decision)
    if found is None:
        return  # the process says itself what may be chosen
    if found.ground and ground not in terms.grounds:
        yield "ground", f"「{found.label}」要写明理由，请选择不予公开的理由"
    if ground and not found.ground:
        yield "ground", f"「{found.label}」不需要不予公开的理由，请不要选择"
    if found.after_supplement and not supplemented:
        yield "decision", "申请内容不明确的，要先一次性告知申请人补正，才能以仍不明确为由答复"
