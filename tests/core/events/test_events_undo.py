"""Undo of events: exactly, or refused in words that name what rests on it (decision 0031)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.events.conftest import Clock, contents, person
from tests.factories import make_child, make_member
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.plan import WishDraft
from villagedesk.errors import Refused
from villagedesk.services.event_course import FLOWS
from villagedesk.services.event_words import KIND_WORDS
from villagedesk.services.events import Afterwards, Occasion

DAY = Occasion(date(2019, 11, 1))
Families = list[HouseholdDraft]


def refusal(desk: Desk, act: str) -> str:
    before = contents(desk)
    with pytest.raises(Refused) as caught:
        desk.history.undo(act)
    assert contents(desk) == before
    return str(caught.value)


def newborn(name: str = "王小满"):
    return make_child(name=name, person_no="", birth=DAY.on, id_number="")


def merged(desk: Desk, families: Families) -> str:
    answers = {families[1].head.id: "21"}
    answers |= {kin.member_id: "99" for kin in desk.events.joined_relations(families[1].id, families[0].id, "21")
                if kin.asked}  # fmt: skip
    return desk.events.merge(families[1].id, families[0].id, answers, DAY).records["event"][0]


def test_every_kind_of_event_has_a_word():
    assert set(KIND_WORDS) == set(FLOWS)


def test_an_unmerge_undone_closes_the_file_again(desk: Desk, families: Families):
    merge = merged(desk, families)
    joined = contents(desk)
    change = desk.events.unmerge(merge, DAY)
    desk.history.undo(change.act)
    assert contents(desk) == joined
    assert {h.no for h in desk.households.all()} == {families[0].no, families[2].no}


def test_merged_apart_and_merged_again_on_one_day(desk: Desk, families: Families):
    desk.events.unmerge(merged(desk, families), DAY)
    desk.events.unmerge(merged(desk, families), DAY)
    assert len(desk.households.all()) == 3


def test_a_later_event_of_the_household_is_named(desk: Desk, families: Families):
    birth = desk.events.birth(families[0].id, newborn(), DAY)
    death = desk.events.death(families[0].id, person(families[0], "02").id, Occasion(date(2019, 11, 3)))
    desk.events.birth(families[1].id, newborn(), DAY)
    assert "“死亡”（2019-11-03）" in refusal(desk, birth.act)
    desk.history.undo(death.act)
    desk.history.undo(birth.act)
    assert len(desk.households.get(families[0].id).living) == 3


def test_an_event_that_rested_on_an_undone_one_is_not_done_again(desk: Desk, families: Families):
    head = desk.events.change_head(families[0].id, Afterwards(person(families[0], "02").id, {}), DAY)
    birth = desk.events.birth(families[0].id, newborn(), DAY)
    undone = desk.history.undo(birth.act)
    desk.history.undo(head.act)
    assert "“变更户主”" in refusal(desk, undone.act)


def test_a_frozen_year_keeps_its_events_until_the_list_is_undone(desk: Desk, families: Families, clock: Clock):
    death = desk.events.death(families[0].id, person(families[0], "02").id, DAY)
    clock.to(date(2020, 1, 3))
    frozen = desk.events.snapshot(2019)
    assert "2019" in refusal(desk, death.act)
    desk.history.undo(frozen.act)
    desk.history.undo(death.act)
    assert desk.events.report(2019).persons.end == 9
    desk.events.snapshot(2019)
    assert sum(len(each.member_ids) for each in desk.events.snapshots(2019)) == 9


def test_an_older_list_is_not_undone_under_a_later_one(desk: Desk, clock: Clock):
    clock.to(date(2021, 1, 3))
    older = desk.events.snapshot(2019)
    desk.events.snapshot(2020)
    assert "2020" in refusal(desk, older.act)


def test_a_wish_of_somebody_born_into_the_file_keeps_the_birth(desk: Desk, families: Families):
    birth = desk.events.moved_in(families[0].id, [make_member(name="王新", id_number="", person_no="", relation="99")],
                                 DAY)  # fmt: skip
    new = next(m for m in desk.households.get(families[0].id).living if m.name == "王新")
    with desk.site.store.work("test", "visit") as work:
        wish = WishDraft(household_id=families[0].id, member_id=new.id)
        work.put_draft("wish", desk.site.village, wish, new_id=desk.site.store.ids())
    assert "意愿" in refusal(desk, birth.act)


def test_who_was_typed_in_under_the_new_head_keeps_the_change_of_head(desk: Desk, families: Families):
    head = desk.events.change_head(families[0].id, Afterwards(person(families[0], "02").id, {}), DAY)
    household = desk.households.get(families[0].id)
    more = make_child(name="王补", id_number="", person_no="")
    desk.households.save(replace(household, members=(*household.members, more)), "forgotten")
    assert "王补" in refusal(desk, head.act)


def test_a_file_that_members_were_typed_into_is_not_undone_with_its_split(desk: Desk, families: Families):
    mother = person(families[0], "02").id
    split = desk.events.split(families[0].id, [mother], HouseholdDraft(no="20190009"), mother, DAY)
    new = desk.households.by_no("20190009")
    more = make_child(name="王补", id_number="", person_no="")
    desk.households.save(replace(new, members=(*new.members, more)), "forgotten")
    assert "王补" in refusal(desk, split.act)


def test_a_head_is_not_given_behind_a_later_one(desk: Desk, families: Families, clock: Clock):
    clock.to(date(2020, 1, 12))
    mother, daughter = person(families[0], "02").id, person(families[0], "04").id
    desk.events.change_head(families[0].id, Afterwards(mother, {}), Occasion(date(2020, 1, 10)))
    with pytest.raises(Refused) as caught:
        desk.events.change_head(families[0].id, Afterwards(daughter, {}), Occasion(date(2020, 1, 5)))
    assert "“变更户主”（2020-01-10）" in str(caught.value)
    desk.events.snapshot(2019)
    frozen = next(each for each in desk.events.snapshots(2019) if each.household_id == families[0].id)
    assert frozen.heads == ((families[0].id, "", families[0].head.id),)


def test_nothing_happens_to_a_household_before_its_file_began(desk: Desk, families: Families):
    mother = person(families[0], "02").id
    desk.events.split(families[0].id, [mother], HouseholdDraft(no="20190009"), mother, DAY)
    new = desk.households.by_no("20190009")
    more = make_member(name="王新", id_number="", person_no="", relation="99")
    with pytest.raises(Refused) as caught:
        desk.events.moved_in(new.id, [more], Occasion(date(2019, 10, 1)))
    assert [problem.field for problem in caught.value.problems] == ["on"]
