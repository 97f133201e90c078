from zhicheng.web.templatetags.zc_charts import columns_chart, share_bar, sparkline


class TestSparkline:
    def test_draws_nothing_for_a_single_value(self) -> None:
        assert sparkline([3.0]) == ""

    def test_says_first_and_last_value_in_words(self) -> None:
        assert 'aria-label="响应率：从 94 到 98.6"' in sparkline([94, 97, 98.6], "响应率")

    def test_draws_a_level_line_when_all_values_are_equal(self) -> None:
        assert "nan" not in sparkline([5, 5, 5], target=5)

    def test_takes_an_absent_target_from_a_template(self) -> None:
        assert "<line" not in sparkline([1, 2], "趋势", "")


class TestColumnsChart:
    def test_draws_one_column_a_row(self) -> None:
        drawn = columns_chart([{"label": "8时", "value": 60}, {"label": "9时", "value": 140}], "每小时受理")
        assert drawn.count("<rect") == 2

    def test_escapes_labels(self) -> None:
        assert "<b>" not in columns_chart([{"label": "<b>", "value": 1}], "<b>")

    def test_draws_an_axis_when_there_are_no_rows(self) -> None:
        assert "<svg" in columns_chart([], "空")


class TestShareBar:
    def test_never_leaves_its_frame(self) -> None:
        assert 'width="100.0"' in share_bar(300, 200)
        assert 'width="0.0"' in share_bar(0, 0)
