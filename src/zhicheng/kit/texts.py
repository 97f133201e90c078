"""Cleaning of text that people type: one rule for the web, the API and imports."""

import unicodedata

# Zero-width and bidirectional controls that hide or reorder text; the emoji joiner (U+200D) is kept.
_INVISIBLE = dict.fromkeys(
    [
        0x00AD,
        0x180E,
        0x200B,
        0x200C,
        0x200E,
        0x200F,
        0x2060,
        0xFEFF,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)


def clean_text(text: str) -> str:
    r"""Normalise (NFC), drop invisible and control characters, trim; line breaks and emoji stay.

    >>> clean_text("  路灯\u200b坏了\x00 ")
    '路灯坏了'
    >>> clean_text("\u200b\ufeff ")
    ''
    """
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    kept = (
        c
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t" or unicodedata.category(c) not in _DROPPED
    )
    cleaned = "".join(kept).strip()
    return "" if not cleaned.strip("\u200d\ufe0f \n\t") else cleaned


_DROPPED = {"Cc", "Cs", "Co", "Cn"}
