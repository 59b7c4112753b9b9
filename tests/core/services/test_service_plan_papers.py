"""Plans and cards on paper: rights that stay, two spans, big families, long and rare names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.factories import YEAR, make_id_number, make_member
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft

LONG, RARE = "阿卜杜热合曼·买买提尼亚孜·吐尔逊", "𬭎䶮"


@pytest.fixture
def home(desk):
    return desk.households.all()[0]


def text_of(rendered):
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(rendered.pdf)).pages).split())


def plan_of(desk, home, **over):
    measure = MeasureDraft(member_id=home.members[0].id, content="搬到镇上", responsible="周敏", **over)
    plan = PlanDraft(household_id=home.id, year=YEAR, needs="稳定收入", measures=(measure,))
    return desk.plans.save(plan, "drawn up").records["plan"][0]


def test_a_plan_prints_the_rights_that_stay(desk, home):
    moving = plan_of(desk, home, category="moving", wish_kind="02")
    assert "原有土地、草场、林地承包经营权不变" in text_of(desk.papers.preview("plan_sheet", [moving]))


def test_a_plan_without_such_a_wish_prints_none(desk, home):
    assert "承包经营权不变" not in text_of(
        desk.papers.preview("plan_sheet", [plan_of(desk, home, category="industry")])
    )


def test_a_plan_says_what_span_it_is_of(desk, home):
    plan = desk.plans.get(plan_of(desk, home, category="industry"))
    assert f"{YEAR}年度帮扶计划" in text_of(desk.papers.preview("plan_sheet", [plan.id]))
    term = desk.plans.save(replace(plan, id="", revision=0, horizon="term", measures=()), "term").records["plan"][0]
    assert "2018—2021年帮扶计划" in text_of(desk.papers.preview("plan_sheet", [term]))


@pytest.mark.parametrize("kind", ["card", "handbook"])
def test_the_household_is_told_of_the_last_version_of_its_plan_of_the_year(desk, story, home, kind):
    plan = desk.plans.get(plan_of(desk, home, category="industry"))
    desk.plans.new_version(plan.id, "another wish")
    second = desk.plans.of_household(home.id)[0]
    lines = (replace(second.measures[0], content="改种葡萄"),)
    desk.plans.save(replace(second, measures=lines), "changed")
    term = replace(plan, id="", revision=0, horizon="term", measures=(replace(plan.measures[0], id="", revision=0),))
    desk.plans.save(term, "term")
    said = text_of(desk.papers.preview(kind, [home.id]))
    assert "改种葡萄" in said
    assert "搬到镇上" not in said
    assert desk.checks.run({"M02"}).findings == ()


@pytest.mark.parametrize("kind", ["plan_sheet", "card", "household_file", "handbook"])
def test_thirty_members_and_long_names_fit(desk, home, kind):
    children = tuple(
        make_member(name=f"{LONG}{n}", relation="99", person_no="", birth=date(1980, 1, 1 + n),
                    id_number=make_id_number(date(1980, 1, 1 + n)))
        for n in range(27)
    )  # fmt: skip
    head = replace(home.members[0], name=RARE)
    desk.households.save(replace(home, members=(head, *home.members[1:], *children)), "counted")
    plan = plan_of(desk, desk.households.get(home.id), category="industry")
    subject = plan if kind == "plan_sheet" else home.id
    rendered = desk.papers.preview(kind, [subject])
    assert RARE in text_of(rendered)
    assert 1 <= rendered.pages <= 8
    if kind in {"plan_sheet", "household_file"}:
        assert f"{LONG}26" in text_of(rendered)


def test_everybody_of_working_age_has_a_line_of_work(desk, story, home):
    head, wife, child = home.members
    working = replace(head, work_area="03", work_months=8, schooling="01")
    resting = replace(wife, work_area="", work_place="", work_months=None, post_kind="", post_months=None, jobs=(),
                      schooling="01")  # fmt: skip
    desk.households.save(replace(home, members=(working, resting, child)), "visit")
    line = MeasureDraft(member_id=wife.id, category="employment", part="post", content="村级保洁岗", responsible="周敏")
    plan = PlanDraft(household_id=home.id, year=YEAR, measures=(line,))
    plan_id = desk.plans.save(plan, "drawn up").records["plan"][0]
    rows = desk.papers.sheet("plan_sheet", plan_id).tables["members"]
    said = {row[0]: row[-1] for row in rows}
    assert "8个月" in said[head.name]
    assert said[wife.name] == "村级保洁岗"
    (figure,) = [line for line in desk.reports.fill("year", story.today).lines if line.figure.key == "working_age"]
    of_home = [row.text for row in figure.rows if row.household_id == home.id]
    assert [text.partition(" ")[0] for text in of_home] == [head.name, wife.name]  # a child is of no working age
    assert len(figure.rows) == figure.value


def test_what_somebody_did_not_want_stands_on_no_plan(desk, story, home):
    member = home.members[1]
    for kind, answer in (("05", "1"), ("07", "2")):
        desk.wishes.save(WishDraft(household_id=home.id, member_id=member.id, kind=kind, asked_on=story.today,
                                   asked_by="周敏", answer=answer, own_words=f"说法{answer}"), "asked")  # fmt: skip
    text = repr(desk.papers.sheet("plan_sheet", plan_of(desk, home, category="industry")).tables["wishes"])
    assert "说法1" in text
    assert "说法2" not in text
