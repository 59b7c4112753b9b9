"""Taking a merge back: exact at once, and with later edits kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.events.conftest import contents, person
from tests.core.events.test_events_verbs import DAY, newborn
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Refused
from villagedesk.services.events import Afterwards, Occasion

LATER = Occasion(date(2019, 11, 5))
Families = list[HouseholdDraft]


def merge(desk: Desk, families: Families) -> str:
    """The second family joins the first: its head is the father of the first one's."""
    gone, kept = families[1], families[0]
    kin = desk.events.joined_relations(gone.id, kept.id, "11")
    asked = {each.member_id: "99" for each in kin if each.asked}
    desk.events.merge(gone.id, kept.id, {person(gone, "01").id: "11", **asked}, DAY)
    return next(event.id for event in desk.events.of_household(kept.id) if event.kind == "merge")


def test_merge_brings_persons_over_and_ends_the_file(desk: Desk, families: Families):
    merge(desk, families)
    joint = desk.households.get(families[0].id)
    assert len(joint.living) == 6
    assert {m.name: m.relation for m in joint.living if m.name.endswith("2")} == {
        "王大2": "11", "李秀2": "12", "王思2": "99",
    }  # fmt: skip
    with pytest.raises(Refused):
        desk.households.get(families[1].id)
    running = [row for row in contents(desk, ("pairing",)).values() if row["ends_on"] is None]
    assert families[1].id not in {row["household_id"] for row in running}


def test_merge_asks_what_the_head_is(desk: Desk, families: Families):
    with pytest.raises(Refused) as caught:
        desk.events.merge(families[1].id, families[0].id, {}, DAY)
    assert f"relations.{person(families[1], '01').id}" in {problem.field for problem in caught.value.problems}
    with pytest.raises(Refused):
        desk.events.merge(families[1].id, families[1].id, {}, DAY)


def test_unmerge_at_once_restores_everything(desk: Desk, families: Families):
    cases = desk.exits.propose(2019, [families[0].id, families[1].id], "list").records["exit"]
    desk.exits.record_checks(cases[0], date(2019, 10, 1), "周敏", [], "visit")
    before = contents(desk)
    merge_id = merge(desk, families)
    assert contents(desk) != before
    desk.events.unmerge(merge_id, LATER)
    assert {k: v for k, v in contents(desk).items() if not v["removed"] or k in before} == before
    with pytest.raises(Refused):
        desk.events.unmerge(merge_id, LATER)


def test_unmerge_keeps_what_was_changed_since(desk: Desk, families: Families):
    merge_id = merge(desk, families)
    joint = desk.households.get(families[0].id)
    mother = next(m for m in joint.living if m.name == "李秀2")
    members = tuple(replace(m, work_months=7, phone="15400009999") if m.id == mother.id else m for m in joint.members)
    desk.households.save(replace(joint, members=members, note="合户后走访"), "visit")
    (active,) = [row for row in contents(desk, ("measure",)).values()
                 if row["member_id"] == person(families[1], "01").id and row["state"] == "active"]  # fmt: skip
    desk.plans.finish(str(active["id"]), date(2019, 11, 3), "good", "done")
    desk.events.birth(joint.id, newborn(birth=date(2019, 11, 4)), Occasion(date(2019, 11, 4)))
    baby = next(m for m in desk.households.get(joint.id).living if m.name == "王小满")
    desk.events.unmerge(merge_id, LATER, going=[baby.id], restored=Afterwards(relations={baby.id: "04"}))
    back, kept = desk.households.get(families[1].id), desk.households.get(families[0].id)
    assert {m.name: m.relation for m in back.living} == {"王大2": "01", "李秀2": "02", "王思2": "04", "王小满": "04"}
    restored = person(back, "02")
    assert (restored.work_months, restored.phone, kept.note) == (7, "15400009999", "合户后走访")
    measure = contents(desk, ("measure",))[f"measure {active['id']}"]
    assert (measure["state"], measure["result"], measure["household_id"]) == ("done", "good", back.id)
    assert {m.relation for m in kept.living} == {"01", "02", "04"}


def test_who_moved_on_since_the_merge_stays_where_he_is(desk: Desk, families: Families):
    merge_id = merge(desk, families)
    child = person(families[1], "04")
    desk.events.moved_within(families[0].id, families[2].id, {child.id: "99"}, Occasion(date(2019, 11, 3)))
    desk.events.unmerge(merge_id, LATER)
    assert child.id in {m.id for m in desk.households.get(families[2].id).living}
    assert {m.relation for m in desk.households.get(families[1].id).living} == {"01", "02"}


def test_unmerge_after_a_change_of_head_puts_both_heads_back(desk: Desk, families: Families):
    merge_id = merge(desk, families)
    joint = desk.households.get(families[0].id)
    father = next(m for m in joint.living if m.name == "王大2")
    asked = {kin.member_id: "99" for kin in desk.events.relations(joint.id, father.id) if kin.asked}
    desk.events.change_head(joint.id, Afterwards(father.id, asked), Occasion(date(2019, 11, 3)))
    desk.events.unmerge(merge_id, LATER)
    for number, household in enumerate(families[:2], 1):
        found = {m.name: m.relation for m in desk.households.get(household.id).living}
        assert found == {f"王大{number}": "01", f"李秀{number}": "02", f"王思{number}": "04"}


def test_unmerge_asks_for_a_head_where_the_old_one_died(desk: Desk, families: Families):
    merge_id = merge(desk, families)
    father, mother = person(families[1], "01"), person(families[1], "02")
    desk.events.death(families[0].id, father.id, Occasion(date(2019, 11, 3)))
    with pytest.raises(Refused) as caught:
        desk.events.unmerge(merge_id, LATER)
    assert {problem.field for problem in caught.value.problems} == {"head_id"}
    child = person(families[1], "04")
    desk.events.unmerge(merge_id, LATER, restored=Afterwards(mother.id, {child.id: "04"}))
    back = desk.households.get(families[1].id)
    assert {m.name: m.relation for m in back.living} == {"李秀2": "01", "王思2": "04"}
    assert father.id in {m.id for m in back.members}


def test_unmerge_refused_when_the_number_was_given_away_or_the_household_is_gone(desk: Desk, families: Families):
    merge_id = merge(desk, families)
    desk.events.left_village(families[0].id, Occasion(date(2019, 11, 3)))
    with pytest.raises(Refused):
        desk.events.unmerge(merge_id, LATER)
    with pytest.raises(Refused):
        desk.events.unmerge("nothing", LATER)
