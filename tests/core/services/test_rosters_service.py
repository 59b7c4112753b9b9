"""Importing a roster: one act, undone as one step, taken again, and never erasing what the file does not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage, generate
from villagedesk.desk import Desk, create_desk
from villagedesk.errors import Cancelled, Refused
from villagedesk.services.audit import audit
from villagedesk.services.event_course import Occasion
from villagedesk.services.roster_reading import Reading


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


def _strange(tmp_path: Path, village: GeneratedVillage) -> Path:
    """The roster with a heading of its own."""
    write_roster(village, tmp_path / "26.xlsx", "26")
    book = load_workbook(tmp_path / "26.xlsx")
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == "户编号":
                cell.value = "户号码"
    book.save(tmp_path / "strange.xlsx")
    return tmp_path / "strange.xlsx"


def test_columns_of_a_strange_source_are_said_once_and_kept(
    desk: Desk, village: GeneratedVillage, tmp_path: Path
) -> None:
    file = _strange(tmp_path, village)
    with pytest.raises(Refused):
        desk.rosters.preview(file, year=2019)
    look = desk.rosters.look(file)
    assert look.missing
    assert next(one for one in look.columns if one.heading == "户号码").fate == "kept"
    assert not any(len(one.sample) == 18 and one.sample.isdigit() for one in look.columns)
    reading = Reading({"户号码": "household.no"})
    assert not desk.rosters.look(file, reading).missing
    desk.rosters.keep_reading(look.source, reading)
    assert desk.rosters.preview(file, year=2019).households["new"]
    assert desk.rosters.look(file).reading == reading


def test_unknown_words_are_named_and_mapped(desk: Desk, village: GeneratedVillage, tmp_path: Path) -> None:
    write_roster(village, tmp_path / "26.xlsx", "26")
    book = load_workbook(tmp_path / "26.xlsx")
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=5) for cell in row if cell.value}
    at = heads["文化程度"]
    for row in sheet.iter_rows(min_row=2):
        if row[at - 1].value == "小学":
            row[at - 1].value = "念过几年书"
    book.save(tmp_path / "words.xlsx")
    preview = desk.rosters.preview(tmp_path / "words.xlsx", year=2019)
    word = next(one for one in preview.unknown_words if one.word == "念过几年书")
    assert (word.heading, word.code_list) == ("文化程度", "education")
    reading = Reading().with_words("文化程度", {"念过几年书": "小学"})
    again = desk.rosters.preview(tmp_path / "words.xlsx", year=2019, reading=reading)
    assert not again.unknown_words
    assert again.roster.lines == len(again.roster.rows)


def test_single_changes_are_left_out(desk: Desk, roster: Path) -> None:
    desk.rosters.take(desk.rosters.preview(roster, year=2019), "list of 2019")
    household = desk.households.all()[0]
    desk.households.save(replace(household, address="桥头", phone="13900000000"), "visited")
    preview = desk.rosters.preview(roster, year=2019)
    diff = preview.diff.changed[0]
    fields = sorted(diff.fields)
    desk.rosters.take(preview, "again", leave={(diff.id, 0, fields[0])})
    now = desk.households.get(household.id)
    assert getattr(now, fields[0]) == diff.fields[fields[0]][0]
    assert all(getattr(now, name) == diff.fields[name][1] for name in fields[1:])


def test_a_cancelled_import_writes_nothing(desk: Desk, roster: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        desk.rosters.take(desk.rosters.preview(roster, year=2019), "list of 2019", step=stop)
    assert desk.lists.count() == 0


def test_an_old_roster_brings_no_closed_file_back(desk: Desk, roster: Path) -> None:
    desk.rosters.take(desk.rosters.preview(roster, year=2019), "list of 2019")
    gone = desk.households.all()[0]
    closed = desk.events.removed(gone.id, Occasion(desk.site.today(), reason_code="01"))
    people = persons(desk)
    preview = desk.rosters.preview(roster, year=2019)
    assert (preview.households["new"], preview.members["new"], preview.households["rejected"]) == (0, 0, 1)
    assert [(one.column, one.value) for one in preview.rejected] == [("household.no", gone.no)]
    desk.rosters.take(preview, "list of 2019, again")
    assert gone.id not in {one.id for one in desk.households.all()}
    assert persons(desk) == people
    desk.history.undo(closed.act)
    assert desk.rosters.preview(roster, year=2019).households["rejected"] == 0
