"""The policy library in the portal: reading and comparing for everybody, matching for who is signed in."""

import pytest

from zhicheng.apps.appeals.tests.town import browser, citizen, official

pytestmark = pytest.mark.usefixtures("monday")
FIRM = {"status": "active", "employees": "12", "insured_employees": "10"}


class TestFront:
    def test_searches(self, client):
        page = client.get("/policies/", {"q": "招人"})
        assert next(row["url"] for row in page.context["rows"]) == "/policies/company.first_hire/"

    def test_says_which_are_in_force(self, client):
        tags = {row["url"]: row["tag"]["label"] for row in client.get("/policies/").context["rows"]}
        assert tags["/policies/company.old_fair/"] == "已废止"
        assert tags["/policies/company.first_hire/"] == "现行有效"

    @pytest.mark.parametrize("query", ["q=%FF%FE", "after=-1", "status=none&for=nobody", "topic=" + "长" * 500])
    def test_stands_strange_questions(self, client, query):
        assert client.get(f"/policies/?{query}").status_code in {200, 400}


class TestDetail:
    def test_gives_every_clause_an_anchor(self, client):
        page = client.get("/policies/company.first_hire/").content.decode()
        assert 'id="clause-c2"' in page
        assert "1000 元" in page

    def test_shows_an_old_version_and_says_so(self, client):
        page = client.get("/policies/company.first_hire/", {"version": "2025"}).content.decode()
        assert "800 元" in page
        assert "现在不施行" in page

    @pytest.mark.parametrize(
        "path", ["nothing/", "company.first_hire/?version=1999", "company.first_hire/compare/?old=x"]
    )
    def test_has_nothing_else(self, client, path):
        assert client.get(f"/policies/{path}").status_code == 404


class TestReading:
    def test_links_every_statement_to_its_clause_on_the_page(self, client):
        page = client.get("/policies/company.first_hire/")
        said = [statement for each in page.context["reading"] for statement in each["statements"]]
        assert [each.text for each in said][1] == "每招用 1 人补 1000 元。"
        html = page.content.decode()
        for statement in said:
            for clause in statement.clauses:
                assert f'href="#clause-{clause.code}"' in html
                assert f'id="clause-{clause.code}"' in html
        assert "以政策原文为准" in html

    def test_asks_each_question_once(self, client):
        asked = [each["question"] for each in client.get("/policies/company.first_hire/").context["reading"]]
        assert asked == ["给谁的？", "能有多少？", "怎么办？", "多久能办好？"]

    @pytest.mark.parametrize("path", ["company.first_hire/?version=2025", "company.old_fair/"])
    def test_is_left_out_where_nobody_wrote_one(self, client, path):
        page = client.get(f"/policies/{path}")
        assert page.status_code == 200
        assert "小龙说政事" not in page.content.decode()


class TestCompare:
    def test_marks_what_is_gone_and_new(self, client):
        page = client.get("/policies/company.first_hire/compare/").content.decode()
        assert "<ins>" in page
        assert "<del>" in page
        assert "删去" in page
        assert "新增" in page

    def test_of_one_version_shows_no_change(self, client):
        changes = client.get("/policies/person.stall_training/compare/").context["changes"]
        assert {change.kind for change in changes} == {"same"}


class TestMatching:
    def test_needs_an_account(self, client):
        for path in ("/policies/match/company/", "/policies/profile/company/"):
            assert client.get(path).status_code == 302
        assert client.post("/policies/pushes/", {"agree": "1"}).status_code == 302

    def test_knows_two_kinds_of_applicant(self):
        mine = browser(citizen())
        assert mine.get("/policies/match/robot/").status_code == 404
        assert mine.get("/policies/profile/robot/").status_code == 404

    def test_leads_from_a_profile_to_what_fits_with_its_reasons(self):
        mine = browser(citizen())
        assert mine.post("/policies/profile/company/", FIRM)["Location"] == "/policies/match/company/"
        page = mine.get("/policies/match/company/")
        assert [each["url"] for each in page.context["groups"]["fits"]] == ["/policies/company.first_hire/"]
        assert "第一条" in page.content.decode()

    def test_says_what_is_missing_for_the_next(self):
        mine = browser(citizen())
        mine.post("/policies/profile/company/", {**FIRM, "employees": "80"})
        near = mine.get("/policies/match/company/").context["groups"]["near"]
        assert len(near[0]["unmet"]) == 1

    def test_keeps_what_was_typed_when_it_is_wrong(self):
        mine = browser(citizen())
        page = mine.post("/policies/profile/company/", {**FIRM, "employees": "许多"})
        assert (page.status_code, list(page.context["errors"])) == (422, ["employees"])
        assert page.context["values"]["insured_employees"] == "10"

    def test_shows_my_answers_to_me_alone(self):
        mine, other = browser(citizen()), browser(citizen("13700137000"))
        mine.post("/policies/profile/company/", FIRM)
        assert mine.get("/policies/profile/company/").context["values"] == FIRM
        assert other.get("/policies/profile/company/").context["values"] == {}

    def test_turns_messages_on_and_off(self):
        mine = browser(citizen())
        mine.post("/policies/profile/company/", FIRM)
        mine.post("/policies/pushes/", {"agree": "1", "entity": "company"})
        assert mine.get("/policies/match/company/").context["pushed"]
        assert "首次招用" in mine.get("/my/messages/").content.decode()
        mine.post("/policies/pushes/", {"agree": "0", "entity": "company"})
        assert not mine.get("/policies/match/company/").context["pushed"]

    def test_offers_officials_nothing_to_match(self):
        assert official("chen.wei").get("/policies/match/company/").context["count"] == 0
        assert official("chen.wei").post("/policies/profile/company/", FIRM).status_code == 403
