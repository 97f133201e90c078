"""Text in pictures and PDF pages, by rapidocr (PP-OCR models that ship in its wheel).

Only the worker calls this: the models take about 490 MB, and are loaded at the first document.
"""

import io
import os
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from zhicheng.core.forms.base import TextLine

_MOST_PAGES = 5
_PAGE_SCALE = 150 / 72  # dots an inch
_MOST_PX = 4_000


def read_text(content: bytes, media_type: str) -> Sequence[TextLine]:
    """The lines of a photo or of the first pages of a PDF, top to bottom."""
    pages = _pdf_pages(content) if media_type == "application/pdf" else iter([_photo(content)])
    return [line for page in pages for line in _lines(page)]


def _lines(page: Image.Image) -> Iterator[TextLine]:
    found = _engine()(np.asarray(page))
    if not isinstance(found, RapidOCROutput) or found.txts is None or found.boxes is None or found.scores is None:
        return
    boxes = [(float(box[:, 1].mean()), float(box[:, 0].min()), float(np.ptp(box[:, 1]))) for box in found.boxes]
    rows = sorted(zip(boxes, found.txts, tuple(found.scores), strict=True), key=lambda one: one[0][0])
    for row in _in_rows(rows):
        texts = [text for _, text, _ in sorted(row, key=lambda one: one[0][1])]
        yield TextLine(" ".join(texts), min(float(score) for _, _, score in row))


def _in_rows(found: Sequence[Any]) -> Iterator[list[Any]]:
    """Pieces whose middles are less than half a line apart stand on one line."""
    row: list[Any] = []
    for one in found:
        if row and one[0][0] - row[-1][0][0] > 0.5 * row[-1][0][2]:
            yield row
            row = []
        row.append(one)
    if row:
        yield row


def _photo(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.thumbnail((_MOST_PX, _MOST_PX))
    return image


def _pdf_pages(content: bytes) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    try:
        for index in range(min(len(document), _MOST_PAGES)):
            page = document[index]
            width, height = page.get_size()
            scale = min(_PAGE_SCALE, _MOST_PX / max(width, height, 1))
            yield page.render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()


@cache
def _engine() -> RapidOCR:
    threads = max(1, (os.cpu_count() or 2) // 2)
    return RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": threads, "Global.log_level": "error"})
