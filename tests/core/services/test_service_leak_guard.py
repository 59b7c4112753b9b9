"""What no public paper of this village may show is gathered from everything stored; what is clean is let through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.services.conftest import words
from tests.factories import YEAR, make_id_number
from villagedesk.documents.sheet import Look
from villagedesk.drafts.concern import ComplainantDraft, ConcernDraft
from villagedesk.drafts.project import ProjectDraft
from villagedesk.errors import Refused


@pytest.fixture
def told(desk, story):
    """A project notice whose text a test chooses; gives what the leak check finds in it."""

    def check(text: str) -> set[str]:
        desk.projects.save(ProjectDraft(title="道路硬化", year=YEAR, content=text, amount=100_00), "plan")
        ids = desk.posting.waiting("projects", YEAR)
        notice = desk.notices.draft("projects", YEAR, ids, "drafted").records["notice"][0]
        desk.notices.plan_days(notice, story.today, "days")
        try:
            desk.papers.preview("project_notice", [notice])
        except Refused as refusal:
            return {problem.rule for problem in refusal.problems}
        return set()

    return check


def home_of(desk, group):
    return next(
        home for home in map(desk.households.get, (row.id for row in desk.households.all())) if home.group == group
    )


def test_an_address_below_the_group_is_caught_and_the_group_is_not(desk, told):
    home = home_of(desk, "一组")
    desk.households.save(replace(home, address="一组柳树巷17号"), "visit")
    assert told("从一组柳树巷17号门前经过") == {"address"}


def test_the_name_of_a_group_is_no_address(desk, told):
    desk.households.save(replace(home_of(desk, "一组"), address="一组"), "visit")
    assert told("从一组到二组") == set()


def test_who_raised_a_concern_is_caught_unless_the_name_heads_a_household(desk, told):
    for name in ("孙有声", "王建国"):
        draft = ConcernDraft(channel="01", topic="01", text="路灯坏了")
        desk.concerns.register(draft, ComplainantDraft(name=name, contact=""), "told")
    assert told("由王建国等户受益") == set()
    assert told("应孙有声要求") == {"objector"}


def test_a_child_is_caught_and_an_adult_of_a_longer_name_is_not(desk, told):
    home = home_of(desk, "一组")
    child = replace(
        home.members[1], id="", person_no="", name="王建", relation="03", birth=date(YEAR - 6, 5, 1),
        id_number=make_id_number(date(YEAR - 6, 5, 1), place=9),
    )  # fmt: skip
    desk.households.save(replace(home, members=(*home.members, child)), "born")
    assert told("由王建国牵头") == set()
    assert told("王建就学方便") >= {"minor"}


def test_namesakes_get_an_ordinal_and_a_case_kept_off_the_board_is_counted_in_words(desk, story):
    first, second, third = (home_of(desk, group) for group in ("一组", "二组", "十组"))
    desk.households.save(
        replace(second, group="一组", members=(replace(second.members[0], name="王建国"), *second.members[1:])), "visit"
    )
    desk.households.save(replace(third, published=False, note="乡镇同意个案不公示"), "visit")
    _, notice = story.posted()
    text = words(desk.papers.preview("exit_notice", [notice]))
    assert "王建国（1）" in text
    assert "王建国（2）" in text
    assert third.head.name not in text
    assert "另有1户依照规定不公开姓名" in text
    masked = words(desk.papers.preview("exit_notice", [notice], look=Look(masked=True)))
    assert "王*国（1）" in masked
    assert "王建国" not in masked
    assert first.head.name == "王建国"


def test_a_head_who_is_a_minor_is_shown_by_the_surname(desk, story):
    home = home_of(desk, "一组")
    born = date(YEAR - 16, 5, 1)
    head = replace(home.members[0], birth=born, id_number=make_id_number(born, place=8))
    desk.households.save(replace(home, members=(head, *home.members[1:])), "visit")
    _, notice = story.posted()
    text = words(desk.papers.preview("exit_notice", [notice]))
    assert "王某" in text
    assert "王建国" not in text


def test_the_number_of_the_notice_itself_is_no_part_of_an_id_number(desk, told):
    """DDsssc of the ID number is 201901, as of a notice 2019-01 once its hyphen is dropped."""
    days = (date(year, month, 20) for year in range(1950, 2000) for month in range(1, 13))
    number = next(each for each in (make_id_number(day, "2", 95) for day in days) if each.endswith("201901"))
    home = home_of(desk, "一组")
    wife = replace(home.members[1], id_number=number, birth=date(int(number[6:10]), int(number[10:12]), 20))
    desk.households.save(replace(home, members=(home.members[0], wife, *home.members[2:])), "visit")
    assert told("两公里") == set()
    assert told("编号201901的路段") == {"stored"}
