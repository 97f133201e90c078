"""Whether a document says what the form says."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from zhicheng.core.forms.policy.checking import given
from zhicheng.core.forms.policy.showing import in_words
from zhicheng.core.forms.values import Contradiction, Document, Form, FormField, MaterialType

_SURE = 0.6
_GRAVE = frozenset({"name", "number", "partner", "partner_number", "representative", "mother", "father"})


def compare(
    form: Form, values: Mapping[str, Any], document: Document, material: MaterialType | None
) -> Iterator[Contradiction]:
    """Fields of the form that a read document contradicts. What was not read surely contradicts nothing."""
    reading = document.reading
    if material is None or reading is None or reading.confidence < _SURE:
        return
    labels = {one.code: one.label for one in material.fields}
    for name, field, value in given(form, values):
        for link in field.documents:
            read = reading.fields.get(link.field, "")
            if link.material != document.material or not read or is_same(field, value, read):
                continue
            stated, label = in_words(field, value), labels.get(link.field, field.label)
            text = f"材料《{material.label}》上的{label}是{_read_words(field, read)}，表单填的是{stated}。"
            grave = link.field in _GRAVE
            yield Contradiction(name, field.label, material.code, material.label, stated, read, grave, text)


def is_same(field: FormField, value: Any, read: str) -> bool:
    """Whether a value and what was read mean the same.

    An address is the same where one contains the other: documents write it longer or shorter than people.
    """
    if field.widget == "choice":
        return plain(read) in {plain(in_words(field, value)), plain(str(value))}
    one, other = plain(str(value)), plain(read)
    if field.widget == "address":
        return one in other or other in one or _shared(one, other)
    return one == other


def plain(text: str) -> str:
    """Without blanks, punctuation and differences of width and case, so that only what is said is compared.

    >>> plain("阿依古丽 · 买买提") == plain("阿依古丽·买买提")
    True
    """
    text = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\W_]", "", text)


def _shared(one: str, other: str) -> bool:
    """Whether the numbers in two addresses are the same and most of the shorter one's characters are in the other."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    shorter, longer = sorted((one, other), key=len)
    return sum(character in longer for character in shorter) >= 0.9 * len(shorter)


def _read_words(field: FormField, read: str) -> str:
    return in_words(field, read) if field.widget == "date" else read
