"""What the classifier learns from: the pack, and every item that a person gave or left standing."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.appeals.models import Appeal
from zhicheng.apps.appeals.queries.directory import get_taxonomy
from zhicheng.apps.appeals.queries.understanding import CLASSIFIER
from zhicheng.core.knowledge.public import ClassifierFigures, Example, Hint, confirm_example, train_classifier
from zhicheng.core.packs.public import current_definition

EXAMPLES = "appeal_examples"


def train_from_pack(now: datetime) -> ClassifierFigures:
    """Train on the installed pack's examples and keywords, and on confirmed appeals; nothing when all is learned.

    Raises:
        NoPackInstalled: there is no pack yet.
    """
    rows = current_definition(EXAMPLES, EXAMPLES).body["rows"]
    examples = [Example(row["text"], row["item"]) for row in rows]
    hints = [Hint(item.code, item.label, item.keywords) for item in get_taxonomy()]
    return train_classifier(CLASSIFIER, examples, hints, now)


def learn_from_case(case_id: UUID, item: str, now: datetime) -> None:
    """Keep an appeal's words with the item that a person confirmed."""
    appeal = Appeal.objects.filter(pk=case_id).first()
    if appeal is not None and item in get_taxonomy():
        confirm_example(CLASSIFIER, case_ref=f"case:{case_id}", text=appeal.text, label=item, now=now)
