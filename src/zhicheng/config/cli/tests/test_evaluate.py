import json
from argparse import ArgumentParser

import pytest

from zhicheng.config.cli import evaluate

ROWS = [
    {"tokens": "路灯 坏 没人 修", "label": "道路"},
    {"title": "路灯不亮", "text": "门口的路灯坏了好几天", "label": "道路"},
    {"tokens": "学校 招生 名额", "label": "教育"},
    {"title": "入学", "text": "孩子上学没有学位", "label": "教育"},
]


def call(*words):
    parser = ArgumentParser()
    evaluate.register(parser.add_subparsers())
    options = parser.parse_args(["evaluate", "appeal-labels", *map(str, words)])
    return options, options.run(options)


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + "\n\n")
    return path


class TestEvaluateAppealLabels:
    def test_prints_the_figures_as_the_last_line_of_output(self, rows, capsys):
        options, code = call("--train", rows, rows, "--test", rows, "--json")
        figures = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (code, options.needs_django) == (0, False)
        assert figures["macro_f1"] == figures["accuracy"] == 1.0
        assert figures["n"] == 4
        assert figures["predict_per_s"] > 0
        assert figures["load_1m"] >= 0

    def test_keeps_progress_out_of_the_output(self, rows, capsys):
        call("--train", rows, "--test", rows, "--json")
        assert len(capsys.readouterr().out.splitlines()) == 1

    @pytest.mark.parametrize(
        ("line", "complaint"),
        [
            ("{", "不是 JSON"),
            ('{"tokens": "路灯"}', "缺少 label"),
            ('{"label": "道路"}', "需要 tokens"),
            ('["道路"]', "缺少 label"),
            ('{"label": "道路", "title": 3, "text": "x"}', "需要 tokens"),
        ],
    )
    def test_names_file_and_line_of_a_bad_row(self, rows, line, complaint, capsys):
        bad = rows.with_name("bad.jsonl")
        bad.write_text(line)
        assert call("--train", rows, "--test", bad)[1] == 2
        said = capsys.readouterr()
        assert f"{bad}:1" in said.err
        assert complaint in said.err
        assert said.out == ""

    @pytest.mark.parametrize("content", [None, ""])
    def test_a_missing_or_empty_file_is_refused(self, rows, content):
        other = rows.with_name("other.jsonl")
        if content is not None:
            other.write_text(content)
        assert call("--train", rows, "--test", other)[1] == 2


class TestEvaluateFormfill:
    def call(self, *words):
        parser = ArgumentParser()
        evaluate.register(parser.add_subparsers())
        options = parser.parse_args(["evaluate", "formfill", "--pack", "packs/shenzhen", *map(str, words)])
        return options.run(options)

    def script(self, tmp_path, expected):
        path = tmp_path / "talks.yaml"
        answers = (
            "{applicant_name: 我叫江雪, applicant_id_number: 11010519491231002x,"
            " applicant_phone: 一三八零零一三八零零零}"
        )
        words = "opening: [想补身份证]\n    answers: " + answers
        closing = "    before_submit: [到期了, 派出所领取]"
        path.write_text(f"- form: idcard_apply\n  turns:\n    {words}\n{closing}\n  expected: {expected}\n")
        return path

    def test_prints_how_many_fields_came_out_right(self, tmp_path, capsys):
        expected = (
            "{applicant_name: 江雪, applicant_id_number: 11010519491231002X, applicant_phone: '13800138000',"
            " reason: expired, delivery: window}"
        )
        assert self.call("--scripts", self.script(tmp_path, expected), "--json") == 0
        figures = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (figures["fields_right"], figures["n"], figures["fields"]) == (1.0, 1, 5)

    def test_says_which_field_is_wrong(self, tmp_path, capsys):
        assert self.call("--scripts", self.script(tmp_path, "{applicant_name: 江雨}")) == 0
        assert "talks.yaml#1 applicant_name：应为 江雨，得到 江雪" in capsys.readouterr().err

    @pytest.mark.parametrize("content", ["", "[1]", "- {form: no_such, expected: {}}", "{"])
    def test_refuses_what_is_no_script(self, tmp_path, content):
        path = tmp_path / "bad.yaml"
        path.write_text(content)
        assert self.call("--scripts", path) == 2
