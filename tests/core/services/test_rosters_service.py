"""Importing a roster: one act, undone as one step, taken again, and never erasing what the file does not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage, generate
from villagedesk.desk import Desk, create_desk
from villagedesk.errors import Refused
from villagedesk.services.audit import audit


@pytest.fixture(scope="module")
def village() -> GeneratedVillage:
    return generate("jiangsu-2018", 14, seed=3)


@pytest.fixture
def desk(tmp_path: Path, village: GeneratedVillage) -> Iterator[Desk]:
    opened, _ = create_desk(tmp_path / "desk", "a long enough passphrase", village.file, author="tester")
    with opened:
        yield opened


@pytest.fixture
def roster(tmp_path: Path, village: GeneratedVillage) -> Path:
    write_roster(village, tmp_path / "roster.xlsx", "full")
    return tmp_path / "roster.xlsx"


def persons(desk: Desk) -> int:
    return desk.lists.status().members


def test_an_import_is_undone_as_one_step_and_can_be_done_again(desk: Desk, roster: Path) -> None:
    act = desk.rosters.take(desk.rosters.preview(roster, year=2019), "list of 2019").act
    people = persons(desk)
    name = desk.households.all()[0].members[0].name
    assert desk.lists.find(name)
    desk.history.undo(act)
    assert (desk.lists.count(), persons(desk)) == (0, 0)
    assert not desk.lists.find(name)
    desk.rosters.take(desk.rosters.preview(roster, year=2019), "list of 2019, again")
    assert persons(desk) == people
    assert desk.lists.find(name)
    assert audit(desk.place).faults == ()


def test_an_import_changed_since_is_not_undone(desk: Desk, roster: Path) -> None:
    act = desk.rosters.take(desk.rosters.preview(roster, year=2019), "list of 2019").act
    household = desk.households.all()[0]
    desk.households.save(replace(household, address="桥头"), "visited")
    before = persons(desk)
    with pytest.raises(Refused):
        desk.history.undo(act)
    assert persons(desk) == before


def test_a_second_roster_changes_only_what_it_says(
    desk: Desk, roster: Path, village: GeneratedVillage, tmp_path: Path
) -> None:
    desk.rosters.take(desk.rosters.preview(roster, year=2019), "list of 2019")
    household = desk.households.all()[0]
    desk.households.save(replace(household, address="桥头", note="asked twice"), "visited")
    write_roster(village, tmp_path / "short.xlsx", "26")
    preview = desk.rosters.preview(tmp_path / "short.xlsx", year=2019)
    desk.rosters.take(preview, "short list")
    again = desk.households.by_no(household.no)
    assert (again.address, again.note, again.land_arable) == ("桥头", "asked twice", household.land_arable)
    assert len(again.living) == len(household.living)


def test_households_can_be_left_out_of_an_import(desk: Desk, roster: Path) -> None:
    preview = desk.rosters.preview(roster, year=2019)
    skipped = preview.diff.new[0].no
    desk.rosters.take(preview, "without one", skip=[skipped])
    with pytest.raises(Refused):
        desk.households.by_no(skipped)
    assert desk.lists.count() == 13


def test_a_person_of_another_household_is_not_taken_twice(
    desk: Desk, roster: Path, village: GeneratedVillage, tmp_path: Path
) -> None:
    desk.rosters.take(desk.rosters.preview(roster, year=2019), "list of 2019")
    first = village.households[0]
    moved = replace(village, households=(replace(first, draft=replace(first.draft, no="999")),))
    write_roster(moved, tmp_path / "moved.xlsx", "47")
    preview = desk.rosters.preview(tmp_path / "moved.xlsx", year=2019)
    before = persons(desk)
    desk.rosters.take(preview, "moved")
    assert preview.households["rejected"] == 1
    assert len(preview.rejected) == len(first.draft.members)
    assert persons(desk) == before
