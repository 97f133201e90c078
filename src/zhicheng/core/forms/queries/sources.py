"""Which sources could fill a draft, and what a person agrees to."""

from uuid import UUID

from zhicheng.core.forms.base import PrefillSource
from zhicheng.core.forms.registry import prefill_sources
from zhicheng.core.forms.values import Draft, Form, OfferedSource
from zhicheng.core.parties.public import consents_in_force, get_party_kind


def wanted_fields(form: Form, source: str) -> dict[str, str]:
    """Field of the source → label of the form's field that it would fill, in the order of the form."""
    return {link.field: each.label for each in form.fields for link in each.prefill if link.source == source}


def list_offered_sources(draft: Draft, party: UUID | None) -> list[OfferedSource]:
    """The sources that a form names and that know such a party, with whether it agreed; none did of nobody."""
    codes = dict.fromkeys(link.source for each in draft.form.fields for link in each.prefill)
    kind = get_party_kind(party) if party else "person"
    agreed = consents_in_force(party, codes, scope=consent_scope(draft.id)) if party else {}
    return [
        OfferedSource(
            code=code,
            label=prefill_sources[code].label,
            purpose=consent_text(prefill_sources[code], draft.form),
            fields=tuple(wanted_fields(draft.form, code).values()),
            consented=code in agreed,
        )
        for code in codes
        if code in prefill_sources and kind in prefill_sources[code].kinds
    ]


def consent_text(source: PrefillSource, form: Form) -> str:
    """The sentence a person agrees to: which data, from where, what for."""
    fields = "、".join(dict.fromkeys(wanted_fields(form, source.code).values()))
    return f"同意从{source.label}取用我的{fields}，只用于填写《{form.label}》。{source.purpose}"


def consent_scope(draft: UUID) -> str:
    """A consent to prefill is for one draft."""
    return f"draft:{draft}"
