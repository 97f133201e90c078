"""The file of questions that `evaluate answers` asks."""

from pathlib import Path

import pytest

from zhicheng.config import environment
from zhicheng.config.benches.answers import FileRefused, Question, read_questions


class TestReadQuestions:
    def test_reads_what_is_expected_and_what_is_out_of_scope(self, tmp_path: Path) -> None:
        file = tmp_path / "answers.yaml"
        file.write_text("questions:\n- {question: 怎么办, expect: [a.b, 'guide:c']}\nout_of_scope: [天气]\n")
        assert read_questions(file) == [Question("怎么办", ("faq:a.b", "guide:c")), Question("天气")]

    @pytest.mark.parametrize("text", ["[]", "questions: [{question: 怎么办}]", "questions: 3", "questions: [", ""])
    def test_refuses_another_shape(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "answers.yaml"
        file.write_text(text)
        with pytest.raises(FileRefused):
            read_questions(file)

    def test_of_shenzhen_is_large_enough_to_measure_with(self) -> None:
        questions = read_questions(environment.REPOSITORY / "packs" / "shenzhen" / "evaluation" / "answers.yaml")
        assert sum(1 for question in questions if question.expect) >= 400
        assert sum(1 for question in questions if not question.expect) >= 100
