"""The roster in the window: columns asked for and kept, unknown words mapped, single changes left out, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.windowed import Answers, settle
from ui.app import Program
from ui.imports.columns import ColumnsDialog
from ui.imports.page import ImportPage
from ui.imports.words import WordsDialog
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage, generate
from villagedesk.desk import Desk


@pytest.fixture
def roster(tmp_path: Path, village: GeneratedVillage) -> Path:
    """The desk's own people under a heading and a word that nobody knows."""
    write_roster(village, tmp_path / "26.xlsx", "26")
    book = load_workbook(tmp_path / "26.xlsx")
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            cell.value = {"户编号": "户号码", "小学": "念过几年书"}.get(str(cell.value), cell.value)
    book.save(tmp_path / "strange.xlsx")
    return tmp_path / "strange.xlsx"


def test_a_strange_roster_is_explained_and_read(qtbot: QtBot, opened: Program, answers: Answers, roster: Path) -> None:
    def columns(dialog: Any) -> bool:
        assert isinstance(dialog, ColumnsDialog)
        dialog.choose("户号码", "household.no")
        return True

    def words(dialog: Any) -> bool:
        assert isinstance(dialog, WordsDialog)
        for field in dialog.fields:
            field.show_value("02")
        return True

    answers.dialog = columns
    opened.window.go("import", file=roster)
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, ImportPage)
    assert page._preview is not None
    assert page._preview.unknown_words
    answers.dialog = words
    page._on_words()
    settle(qtbot, opened)
    assert not page._preview.unknown_words
    answers.dialog = None
    opened.window.go("import", file=roster)
    settle(qtbot, opened)
    assert page._preview is not None
    assert not page._preview.unknown_words


def test_a_change_left_out_is_not_made(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path, village: GeneratedVillage
) -> None:
    write_roster(village, tmp_path / "26.xlsx", "26")
    first, second = desk.households.all()[:2]
    for household in (first, second):
        head = replace(household.members[0], education="05")
        desk.households.save(replace(household, members=(head, *household.members[1:])), "asked")
    opened.window.go("import", file=tmp_path / "26.xlsx")
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, ImportPage)
    at = next(n for n, each in enumerate(page._lines) if each.place == (first.members[0].id, 0, "education"))
    page._changes_view.selectRow(at)
    page._on_toggle()
    assert page.changes.data(page.changes.index(at, 0)) != page.changes.data(page.changes.index(at + 1, 0))
    page._on_accept()
    settle(qtbot, opened)
    assert desk.households.get(first.id).members[0].education == "05"
    assert desk.households.get(second.id).members[0].education != "05"


def _drag(dialog: ColumnsDialog, path: str, heading: str) -> None:
    """Drag a field onto the box of a column, as the mouse would."""
    fields, box = dialog.open_fields, dialog.boxes[heading]
    items = (fields.item(at) for at in range(fields.count()))
    held = fields.mimeData([next(item for item in items if item.data(Qt.ItemDataRole.UserRole) == path)])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(3, 3), Qt.DropAction.CopyAction, held, left, none)
    QApplication.sendEvent(box, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(3, 3), Qt.DropAction.CopyAction, held, left, none)
    QApplication.sendEvent(box, drop)
    assert drop.isAccepted()


def test_a_field_is_dragged_onto_its_column_and_remembered_for_the_source(
    qtbot: QtBot, opened: Program, answers: Answers, roster: Path
) -> None:
    asked: list[int] = []

    def columns(dialog: Any) -> bool:
        open_before = dialog.open_fields.count()
        _drag(dialog, "household.no", "户号码")
        asked.append(open_before - dialog.open_fields.count())
        return True

    answers.dialog = columns
    opened.window.go("import", file=roster)
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, ImportPage)
    assert page._preview is not None
    assert asked == [1]  # the field is filled now and stands no longer among those that are open
    answers.dialog = None  # nobody may ask a second time
    opened.window.go("import", file=roster)
    settle(qtbot, opened)
    assert page._preview is not None


def test_a_box_takes_fields_and_nothing_else(qtbot: QtBot, desk: Desk, roster: Path) -> None:
    dialog = ColumnsDialog(desk.rosters.look(roster), desk.rosters.field_choices())
    qtbot.addWidget(dialog)
    box = dialog.boxes["户号码"]
    text = QMimeData()
    text.setText("household.no")
    event = QDragEnterEvent(
        QPoint(3, 3), Qt.DropAction.CopyAction, text, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.setAccepted(False)
    box.dragEnterEvent(event)
    assert not event.isAccepted()


def test_the_import_goes_from_preview_to_taking_it_back(
    qtbot: QtBot, opened: Program, desk: Desk, tmp_path: Path, village: GeneratedVillage
) -> None:
    """Left out by household, taken, taken back in one step; the counts say so each time."""
    write_roster(village, tmp_path / "26.xlsx", "26")
    homes = desk.households.all()
    for household in homes[:2]:
        head = replace(household.members[0], education="05")
        desk.households.save(replace(household, members=(head, *household.members[1:])), "asked")
    stored = {one.id: one for one in desk.households.all()}
    opened.window.go("import", file=tmp_path / "26.xlsx")
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, ImportPage)
    assert {line.no for line in page._lines} >= {homes[0].no, homes[1].no}
    assert all(line.old and line.new and line.field for line in page._lines if line.place and line.place[2])
    page._on_accept()
    settle(qtbot, opened)
    assert desk.households.get(homes[0].id).members[0].education != "05"
    opened.window._bar._on_act()  # “Take the import back”
    settle(qtbot, opened)
    again = {one.id: replace(one, revision=0, members=()) for one in desk.households.all()}
    assert again == {key: replace(one, revision=0, members=()) for key, one in stored.items()}
    assert desk.households.get(homes[0].id).members[0].education == "05"


def test_an_import_is_cancelled_from_the_window(
    qtbot: QtBot, opened: Program, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_roster(generate("jiangsu-2018", 40, 11), tmp_path / "26.xlsx", "26")
    before = desk.lists.count()
    opened.window.go("import", file=tmp_path / "26.xlsx")
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, ImportPage)
    started, go_on = Event(), Event()
    take = desk.rosters.take

    def slowly(*args: Any, step: Any, **more: Any) -> Any:
        started.set()
        assert go_on.wait(10)
        return take(*args, step=step, **more)

    monkeypatch.setattr(desk.rosters, "take", slowly)
    page._on_accept()
    assert started.wait(10)
    for job in opened.jobs.running:
        job.cancel()
    go_on.set()
    settle(qtbot, opened)
    assert desk.lists.count() == before
    assert page._preview is not None  # still there, to be taken after all


def _two_alike(path: Path) -> None:
    book = Workbook()
    book.active.append(["户编号", "姓名", "姓名", "证件号码", "与户主关系"])
    book.active.append(["1", "张甲", "张乙", "", "户主"])
    book.save(path)


BAD: dict[str, bytes | Callable[[Path], None]] = {
    "empty.xlsx": b"",
    "letter.xlsx": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "locked.xlsx": bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"),
    "cut.xlsx": b"PK\x03\x04 cut off",
    "page.xls": b"<html><table><tr><td>x</td></tr></table></html>",
    "coded.csv": "姓名".encode("gb18030") + b"\xff\xff\x81",
    "alike.xlsx": _two_alike,
}


def test_a_file_that_is_no_roster_gets_one_sentence_in_the_window(
    qtbot: QtBot, opened: Program, desk: Desk, tmp_path: Path
) -> None:
    said = set()
    for name, content in BAD.items():
        file = tmp_path / name
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            content(file)
        opened.window.go("import", file=file)
        settle(qtbot, opened)
        page = opened.window.frame.page
        assert isinstance(page, ImportPage)
        assert page._preview is None, name
        sentence = opened.window._bar.text
        assert name in sentence or "姓名" in sentence, name
        assert "Error" not in sentence
        said.add(sentence)
    assert len(said) == len(BAD)
