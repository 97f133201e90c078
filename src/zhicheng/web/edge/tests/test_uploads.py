"""Bodies that nobody wanted."""

import io

from zhicheng.web.edge.uploads import reading_all


class TestReadingAll:
    def test_leaves_nothing_of_a_body_that_nobody_wanted(self):
        sent = io.BytesIO(bytes(3_000_000))
        environ = {"CONTENT_LENGTH": "3000000", "wsgi.input": sent}
        answer = reading_all(lambda _environ, _start: [b"too many requests"])(environ, lambda *_: None)
        assert (answer, sent.read()) == ([b"too many requests"], b"")

    def test_waits_for_no_body_where_there_is_none(self):
        answer = reading_all(lambda _environ, _start: [b"ok"])({"CONTENT_LENGTH": ""}, lambda *_: None)
        assert answer == [b"ok"]
