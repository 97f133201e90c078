"""The real engine on papers drawn for the test."""

import pytest

from zhicheng.core.forms.contrib.ocr import read_text
from zhicheng.core.forms.policy.extracting import extract
from zhicheng.core.forms.tests import papers
from zhicheng.core.forms.tests.conftest import WANG_NUMBER

pytestmark = pytest.mark.slow


def read(content: bytes, media_type: str, reader: str):
    return extract(reader, [(line.text, line.confidence) for line in read_text(content, media_type)])


class TestReadText:
    def test_reads_a_tilted_and_blurred_id_card(self):
        found = read(papers.jpeg(papers.id_card("王小明", WANG_NUMBER, tilt=4)), "image/jpeg", "id_card")
        assert (found.name, found.number, found.dates["birth_date"]) == ("王小明", WANG_NUMBER, "1990-03-07")
        assert "榕荫路18号院2单元301室" in found.fields["address"]
        assert found.confidence > 0.8

    def test_reads_a_diploma_in_a_pdf(self):
        found = read(papers.pdf(papers.diploma("王小明")), "application/pdf", "diploma")
        assert (found.name, found.number) == ("王小明", "105581201205001234")
        assert found.fields["level"] == "本科"
        assert found.dates["graduated_date"] == "2012-06-30"
