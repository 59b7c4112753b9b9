"""The signing day and the way back of signed paper, through the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.core.services.distorting import as_file, page_of, scribble
from tests.gui.windowed import Answers, settle
from ui.app import Program
from ui.exits.page import ExitsPage
from ui.exits.paper_dialog import PaperDialog
from ui.scans.page import ScansPage
from ui.signing.page import SigningPage
from villagedesk.desk import Desk
from villagedesk.drafts.exit import SignatureDraft
from villagedesk.services.frozen import places_of
from villagedesk.text import tr


def _open(program: Program, key: str, type_: type, **place: object):
    assert program.window.go(key, **place)
    page = program.window.frame.page
    assert isinstance(page, type_)
    return page


def _signing(program: Program) -> SigningPage:
    return _open(program, "signing", SigningPage)


def test_one_signer_signs_all_sheets_of_a_list(opened: Program, desk: Desk) -> None:
    page = _signing(opened)
    page.table.selectAll()
    page.together.choose("village")
    page.together.person.show_value("张平")
    before = len(page.chosen)
    assert before == 5
    page.together._record.click()
    assert all(not row.missing_of("village") for row in page._rows)
    assert {mark.person for row in page._rows for mark in row.case.signatures} == {"张平"}
    assert all(row.missing_of("household") for row in page._rows)


def test_left_empty_the_head_of_each_household_is_written_down(opened: Program, desk: Desk) -> None:
    page = _signing(opened)
    page.table.selectAll()
    page.together.choose("household")
    page.together._record.click()
    for row in page._rows:
        assert [mark.person for mark in row.case.signatures] == [row.household.head.name]


def test_a_day_ahead_is_refused_for_every_sheet_and_said(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    page = _signing(opened)
    page.table.selectAll()
    page.together.on.show_value(desk.site.today().replace(year=desk.site.today().year + 1))
    with qtbot.waitSignal(opened.window.messages.told) as told:
        page.together._record.click()
    assert told.args[0] == "problem"
    assert not any(row.case.signatures for row in page._rows)


def test_the_filter_shows_who_still_has_to_sign(opened: Program, desk: Desk) -> None:
    page = _signing(opened)
    first = page._rows[0].case.id
    desk.signing.together("village", [first], "张平", desk.site.today(), "signature", "test")
    page.show_place()
    page._role.setCurrentIndex(page._role.findData("village"))
    page._role.activated.emit(page._role.currentIndex())
    assert first not in {row.case.id for row in page._rows}
    assert len(page._rows) == 4


@pytest.fixture
def pile(desk: Desk, tmp_path: Path) -> Sequence[Path]:
    """One complete sheet, one with an empty place, upside down, and a page that belongs to nobody."""
    cases = [row.case.id for row in desk.signing.of_year(desk.site.today().year)][:2]
    files = []
    for number, case in enumerate(cases):
        (printed,) = desk.papers.print("signoff_sheet", [case], "print")
        image = page_of(printed.rendered.pdf)
        places = [each for each in places_of(desk.papers.get(printed.paper_id).sheet) if each.kind != "hand"]
        for seed, each in enumerate(places[:-2] if number else places):
            scribble(image, (each.x, each.y, each.width, each.height), seed)
        files.append(as_file(image.rotate(180 * number), tmp_path / f"{number}.jpg"))
    files.append(as_file(Image.new("RGB", (600, 800), "white"), tmp_path / "blank.jpg"))
    return files


def _taken(qtbot: QtBot, opened: Program, pile: Sequence[Path]) -> ScansPage:
    page = _open(opened, "scans", ScansPage)
    page.take_in(pile)
    settle(qtbot, opened)
    return page


def test_a_pile_finds_its_cases_and_a_person_confirms(
    qtbot: QtBot, opened: Program, desk: Desk, pile: Sequence[Path]
) -> None:
    page = _taken(qtbot, opened, pile)
    assert [row.stands for row in page._rows] == ["tray", "waiting", "waiting"]
    page.table.selectRow(1)
    settle(qtbot, opened)
    assert page.picture.shown
    lines = page.sheet._lines
    assert all(line.on_sheet.isChecked() for line in lines)
    for line in lines:
        line.person.show_value(line.person.value() or f"人{line.role}")
        line.signed_on.show_value(desk.site.today())
    case = page._rows[1].scan.subject_id
    page._on_confirm()
    settle(qtbot, opened)
    marks = desk.exits.get(case).signatures
    assert len(marks) == len(lines)
    assert {mark.confirmed_by for mark in marks} == {"李工"}
    assert page._rows[-1].stands == "confirmed"
    # The second sheet, upside down, is in front now: its last place is empty and not ticked; the day is proposed.
    second = page.sheet._lines
    assert [line.on_sheet.isChecked() for line in second] == [True] * (len(second) - 1) + [False]
    assert second[0].signed_on.value() == desk.site.today()


def test_an_incomplete_confirmation_is_refused_and_nothing_is_recorded(
    qtbot: QtBot, opened: Program, desk: Desk, pile: Sequence[Path]
) -> None:
    page = _taken(qtbot, opened, pile)
    page.table.selectRow(1)
    settle(qtbot, opened)
    case = page._rows[1].scan.subject_id
    with qtbot.waitSignal(opened.window.messages.told) as told:
        page._on_confirm()
    assert told.args[0] == "problem"
    assert desk.exits.get(case).signatures == ()


def test_an_unreadable_page_waits_until_somebody_says_whose_it_is(
    qtbot: QtBot, opened: Program, desk: Desk, pile: Sequence[Path]
) -> None:
    page = _taken(qtbot, opened, pile)
    page.table.selectRow(0)
    settle(qtbot, opened)
    row = desk.signing.of_year(desk.site.today().year)[2]
    page.by_hand._household.show_value(row.household.id)
    page.by_hand._on_household(row.household.id)
    assert page.by_hand._paper.value() == row.case.id
    page.by_hand._on_file()
    settle(qtbot, opened)
    assert desk.scans.tray() == ()
    assert len(desk.scans.of_record(row.case.id)) == 1


def test_a_page_filed_to_the_wrong_household_goes_back_into_the_tray(
    qtbot: QtBot, opened: Program, desk: Desk, pile: Sequence[Path]
) -> None:
    page = _taken(qtbot, opened, pile)
    wrong = desk.signing.of_year(desk.site.today().year)[2].case.id
    scan = page._rows[0].scan.id
    desk.scans.file_by_hand(scan, wrong, "filed by hand")
    page.show_place(attachment_id=scan)
    settle(qtbot, opened)
    assert page.sheet._back.isVisible()
    page.sheet._back.click()
    settle(qtbot, opened)
    assert [each.id for each in desk.scans.tray()] == [scan]
    assert desk.scans.of_record(wrong) == ()
    assert page.by_hand.isVisible()


def test_a_file_that_is_no_scan_stops_none_of_the_others(
    qtbot: QtBot, opened: Program, desk: Desk, pile: Sequence[Path], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.doc"
    letter.write_bytes(b"no picture")
    page = _taken(qtbot, opened, [letter, *pile])
    assert len(page._rows) == 3
    assert "letter.doc" in opened.window._bar.text


def test_a_paper_altered_since_signing_is_shown_beside_the_one_of_now(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers
) -> None:
    row = desk.exits.of_year(desk.site.today().year)[0]
    (printed,) = desk.papers.print("exit_record", [row.case.id], "print")
    desk.papers.signed(printed.paper_id, "signed")
    desk.exits.record_checks(row.case.id, desk.site.today(), "周敏、吴刚", (), "visit")
    shown = []
    answers.dialog = lambda dialog: shown.append(dialog) is None
    page = _open(opened, "exits", ExitsPage, household_id=row.household.id, tab="papers")
    (paper,) = [each for each in desk.papers.of_case(row.case.id) if each.paper.kind == "exit_record"]
    assert any(change.now == "周敏、吴刚" for change in paper.altered)
    page.case.papers._on_both(paper)
    settle(qtbot, opened)
    page.case.papers._on_pack()
    settle(qtbot, opened)
    assert [type(dialog) for dialog in shown] == [PaperDialog, PaperDialog]


def test_a_proof_is_attached_to_the_condition_it_proves(opened: Program, desk: Desk, tmp_path: Path) -> None:
    row = desk.exits.of_year(desk.site.today().year)[0]
    photo = as_file(Image.new("RGB", (300, 200), "white"), tmp_path / "house.jpg")
    page = _open(opened, "exits", ExitsPage, household_id=row.household.id, tab="proofs")
    fact = next(iter(page.case.evidence._facts(row)))
    page.case.evidence.attach(fact, [photo])
    assert [each.field for each in desk.evidence.of(row.household.id)] == ["dwelling"]


def test_a_sheet_signed_by_an_earlier_way_is_read_by_it(opened: Program, desk: Desk) -> None:
    case = desk.signing.of_year(desk.site.today().year)[0].case
    mark = SignatureDraft(role="household", item="", person="王一", signed_on=desk.site.today(), mark="signature")
    desk.exits.sign(case.id, [mark], "before the township fixed another way")
    with desk.site.store.work("test", "it was another way then") as work:
        work.put("exit", desk.site.village, {"scheme": "jiangsu-2018/1/state"}, case.id)
    page = _open(opened, "exits", ExitsPage, household_id=case.household_id, tab="signatures")
    assert list(page.case.signatures._signers) == ["household", "village", "team"]
    assert page.case.signatures._signers["household"].person.value() == "王一"
    other = next(row for row in page._rows if row.case.id != case.id)
    page.show_place(household_id=other.household.id, tab="signatures")
    assert len(page.case.signatures._signers) == 5
    day = _signing(opened)
    row = next(each for each in day._rows if each.case.id == case.id)
    helper = next(column for column in day._columns() if column.title == "帮扶人")
    assert helper.sign is not None
    assert (helper.sign(row), helper.show(row)) == (None, "—")


def test_an_old_exit_is_looked_back_at_in_the_window(opened: Program, desk: Desk) -> None:
    row = desk.exits.of_year(desk.site.today().year)[0]
    desk.papers.print("exit_record", [row.case.id], "print")
    with desk.site.store.work("test", "it exited") as work:
        work.put("exit", desk.site.village, {"state": "exited", "marked_on": desk.site.today()}, row.case.id)
    home = desk.households.get(row.household.id)
    desk.households.save(replace(home, dwelling="D"), "the roof fell in")
    page = _open(opened, "exits", ExitsPage, household_id=row.household.id, tab="papers")
    said = [each.text() for each in page.case.papers.findChildren(QLabel)]
    housing = said.index(desk.profile.household_exit["housing"].text)
    assert said[housing + 2] == tr("not met")
    assert tr("What the record of that time said otherwise") in said
