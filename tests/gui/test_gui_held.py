"""Files that a hub holds back: the records in each and why; tried again, taken in or set aside, in the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.townships import VILLAGES, click, family, meet, page_of
from tests.gui.windowed import Answers, settle
from ui.app import Program
from villagedesk.desk import Desk
from villagedesk.hub import Hub
from villagedesk.services.standing import as_tip
from villagedesk.store import landing
from villagedesk.store.chain import tips
from villagedesk.sync.receipt import tips_fields


def _out_of_order(desk: Desk, hub: Hub, folder: Path) -> tuple[Path, Path]:
    """Two files of a village, of which the township pretends to have had the first."""
    meet([desk], hub, folder)
    desk.households.save(family("2", "赵二"), "visit")
    first = desk.sync.send(folder).path
    receipt = desk.place.store.setting("acked")
    with desk.site.store.read() as connection:
        held = tips_fields([as_tip(tip) for tip in tips(connection)])
    desk.place.store.keep_setting("acked", {**receipt, "tips": held})
    desk.households.save(family("3", "钱三"), "visit")
    return first, desk.sync.send(folder).path


def test_a_file_out_of_order_says_what_is_missing_and_comes_in_after_it(
    qtbot: QtBot, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path
) -> None:
    first, second = _out_of_order(desks[0], hub, tmp_path)
    assert [one.status for one in hub.township.receive([second])] == ["held"]
    page = page_of(office, "held")
    settle(qtbot, office)
    assert page.files.rowCount() == 1
    shown = [page.records.row(n) for n in range(page.records.rowCount())]
    assert {one.household_no for one in shown} == {"3"}
    assert "laptop" in str(shown[0].reason)
    click(page, "Try all again")
    settle(qtbot, office)
    assert office.window._bar.property("tone") == "warn"
    hub.township.receive([first])
    page.refresh()
    assert page.files.rowCount() == 0
    assert {row.totals["households"] for row in hub.township.villages() if row.village == VILLAGES[0]} == {3}


def empty(desk: Desk, hub: Hub, stick: Path, why: str) -> None:
    """Twenty households more reach the township; then fifteen are taken out on the laptop."""
    for no in range(2, 22):
        desk.households.save(family(str(no), f"户{no}"), "visit")
    meet([desk], hub, stick)
    for home in desk.lists.household_ids()[:15]:
        with desk.site.store.work("household.remove", why) as work:
            work.remove("household", home)


def test_a_file_that_empties_a_village_is_looked_into_and_set_aside(
    qtbot: QtBot, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    desk = desks[0]
    empty(desk, hub, tmp_path, "mistake")
    assert hub.township.receive([desk.sync.send(tmp_path).path])[0].status == "held"
    page = page_of(office, "held")
    settle(qtbot, office)
    assert page.records.rowCount() == 15
    assert {row.totals["households"] for row in hub.township.villages() if row.village == VILLAGES[0]} == {21}
    answers.line = ""
    click(page, "Set aside, with a reason")
    assert page.files.rowCount() == 1  # nobody said why
    answers.line = "误删"
    click(page, "Set aside, with a reason")
    assert [page.files.row(n).kind for n in range(page.files.rowCount())] == ["refused"]
    written = hub.township.reply(tmp_path, VILLAGES[0])[0]
    desk.sync.receive(written.path)
    assert "误删" in str(desk.sync.status().verdicts[-1].reason)
    assert desk.sync.status().unsent  # it is sent again when it is mended


def test_a_file_that_was_meant_is_taken_in_from_here(
    qtbot: QtBot, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    desk = desks[0]
    empty(desk, hub, tmp_path, "moved away")
    hub.township.receive([desk.sync.send(tmp_path).path])
    page = page_of(office, "held")
    settle(qtbot, office)
    answers.yes = True
    click(page, "The village means it: take it in")
    settle(qtbot, office)
    assert page.files.rowCount() == 0
    assert {row.totals["households"] for row in hub.township.villages() if row.village == VILLAGES[0]} == {6}


def test_facts_of_a_newer_program_are_named(
    office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = landing.known_fields
    home = desks[0].households.get(desks[0].lists.household_ids()[0])
    desks[0].households.save(replace(home, fuel="1"), "visit")
    with monkeypatch.context() as old:
        old.setattr(landing, "known_fields", lambda record: {k: v for k, v in known(record).items() if k != "fuel"})
        meet([desks[0]], hub, tmp_path)
        page = page_of(office, "held")
        (one,) = (page.unread.row(n) for n in range(page.unread.rowCount()))
        assert (one.kind, one.fields, one.author) == ("household", ("fuel",), "李工")
        assert "1" in page.tabs.tabText(1)
