"""Submissions, opened for whoever may read the case they led to: that is the caller's to check."""

from collections.abc import Iterable
from uuid import UUID

from zhicheng.core.forms.errors import SubmissionNotFound
from zhicheng.core.forms.gate.readers import MASKS, form_by_hash
from zhicheng.core.forms.gate.sealing import open_content
from zhicheng.core.forms.models import FormSubmission
from zhicheng.core.forms.policy.checking import given
from zhicheng.core.forms.policy.showing import corrected_words, in_words, masked, source_words
from zhicheng.core.forms.values import Draft, FormField, ShownValue, Submission
from zhicheng.core.places.errors import DivisionNotFound, PlacesNotInstalled
from zhicheng.core.places.public import describe_divisions, division_path


def get_submission(submission_id: UUID) -> Submission:
    """One submission, readable. Check first that the reader may see what it led to.

    Raises:
        SubmissionNotFound: there is none with this id.
        PersonalDataUnreadable: its key is missing.
    """
    row = FormSubmission.objects.filter(id=submission_id).first()
    if row is None:
        raise SubmissionNotFound()
    return _value(row)


def find_submission(subject: UUID) -> Submission | None:
    """The submission that led to a case, readable. Check first that the reader may see the case."""
    row = FormSubmission.objects.filter(subject=subject).order_by("-submitted_at").first()
    return _value(row) if row is not None else None


def list_submissions(party: UUID) -> list[Submission]:
    """What a party has submitted, newest first, 50 at most."""
    return [_value(row) for row in FormSubmission.objects.filter(party_id=party).order_by("-submitted_at")[:50]]


def show_values(filled: Draft | Submission, *, names: Iterable[str] = (), mask: bool = True) -> list[ShownValue]:
    """Values in words with their sources, in the order of the form; personal ones masked unless asked otherwise.

    The unmasked ones are for the person who gave them, and for officials through `parties.reveal` rules.
    """
    wanted = set(names)
    return [
        _shown(filled, name, field, value, mask=mask)
        for name, field, value in given(filled.form, filled.values)
        if not wanted or name.partition(".")[0] in wanted
    ]


def _shown(filled: Draft | Submission, name: str, field: FormField, value: object, *, mask: bool) -> ShownValue:
    first, _, rest = name.partition(".")
    group = filled.form.field(first)
    label = field.label
    if rest and group is not None:
        label = f"{group.item_label or group.label} {int(rest.partition('.')[0]) + 1} · {field.label}"
    source = filled.sources.get(first)
    text = _division(str(value)) if field.widget == "division" else in_words(field, value)
    text = masked(field, value, MASKS) if mask and field.personal else text
    was = "" if mask and field.personal else corrected_words(field, source)
    return ShownValue(name, label, text, source_words(source), was)


def _division(code: str) -> str:
    try:
        return describe_divisions(division_path(code))
    except (DivisionNotFound, PlacesNotInstalled):
        return code


def _value(row: FormSubmission) -> Submission:
    content = open_content(bytes(row.content_sealed) if row.content_sealed is not None else None, row.id)
    return Submission(
        id=row.id,
        form=form_by_hash(row.definition),
        party=row.party_id,
        subject=row.subject,
        values=content.values,
        places=content.places,
        sources=content.sources,
        held=content.held,
        submitted_at=row.submitted_at,
    )
