"""Twenty paper households typed through the real window, against the same deck typed into the 26-column sheet.

    xvfb-run -a python tests/bench/bench_entry.py [--households N]

Every key goes through Qt's own event queue into the window that users see (platform xcb); Chinese words are committed
by an input method and count as their pinyin letters and one key to choose. In the form every Enter that steps over an
empty field is counted. In the sheet each cell counts its letters and one Tab; a cell that repeats the one above counts
two keys (Ctrl+D, Tab). Left out on both sides: health (covered on screen) and the income a head (a statement of its own
in the program). Seconds are the program's own, without the person: for the sheet there is nothing to measure.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from datetime import time as clock_time
from pathlib import Path

from pypinyin import lazy_pinyin
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.app import Program, make_application
from ui.fields.initials import initials
from ui.households.form import HouseholdForm
from ui.remembered import Remembered
from villagedesk.demo.play import DemoClock
from villagedesk.demo.village import generate
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.policy.codes import CodeBook
from villagedesk.services.site import CHINA

_BASICS = ("no", "group", "phone", "kind", "state", "main_cause")
_LIVING = ("dwelling", "water_safe", "water_hard")
_MEMBER = ("id_number", "name", "relation", "ethnic", "education", "schooling", "labour", "work_area", "work_months",
           "medical_serious")  # fmt: skip
_REPEATED = ("county", "township", "village", "group", "no", "phone", "state", "kind", "main_cause", "dwelling",
             "water_safe", "water_hard")  # fmt: skip
_WORDS = {"kind": "household_kind", "state": "poverty_state", "main_cause": "cause", "dwelling": "housing"}


def ime(word: str) -> int:
    """Keys of an input method for a word: its letters and one key to choose."""
    return len("".join(lazy_pinyin(word))) + (0 if word.isascii() else 1)


@dataclass
class Typist:
    """Types into the window and counts."""

    program: Program
    desk: Desk
    keys: int = 0

    def household(self, paper: HouseholdDraft) -> None:
        """One paper household from Ctrl+N to Ctrl+S."""
        self.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        page = self.program.window.frame.page if self.program.window.frame else None
        if not isinstance(page, HouseholdForm):
            raise TypeError("Ctrl+N did not open a new file")
        page.show_field("no")
        for name in _BASICS:
            if not (name == "group" and page.binder.draft.group == paper.group):  # carried forward
                self.fill(page, name, getattr(paper, name))
        self.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        for number, member in enumerate(paper.members):
            self.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            for name in _MEMBER:
                value = getattr(member, name)
                if not (name == "relation" and number == 0):  # the first is the head
                    self.fill(page, f"members.{number}.{name}", value)
        self.press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        for name in _LIVING:
            self.fill(page, name, getattr(paper, name))
        self.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        self.prove(paper, self.desk.households.by_no(paper.no))

    def prove(self, paper: HouseholdDraft, stored: HouseholdDraft) -> None:
        """Every fact of the paper is in the desk."""
        for name in (*_BASICS, *_LIVING):
            if getattr(stored, name) != getattr(paper, name):
                raise RuntimeError(f"{paper.no} {name}: {getattr(stored, name)!r}, not {getattr(paper, name)!r}")
        for written, member in zip(stored.members, paper.members, strict=True):
            wrong = [name for name in _MEMBER if getattr(written, name) != getattr(member, name)]
            if wrong:
                raise RuntimeError(f"{paper.no} {member.name}: {wrong}")

    def fill(self, page: HouseholdForm, path: str, value: object) -> None:
        """Enter until the cursor is in the field, then the value."""
        if value in (None, "", ()):
            return
        row = page.binder.row_of(path)
        if row is None:
            raise LookupError(path)
        for _ in range(60):
            here = QApplication.focusWidget()
            if here is row.editor or row.editor.isAncestorOf(here):
                break
            self.press(Qt.Key.Key_Return)
        else:
            raise LookupError(f"Enter never comes to {path}")
        self.type(value, path.rpartition(".")[2])

    def type(self, value: object, name: str) -> None:
        if isinstance(value, bool):
            self.letters("1" if value else "2")
        elif name == "ethnic":
            self.letters(initials(str(value)))
        elif isinstance(value, str) and not value.isascii():
            commit = QInputMethodEvent("", [])
            commit.setCommitString(value)
            QApplication.sendEvent(QApplication.focusWidget(), commit)
            self.keys += ime(value)
        else:
            self.letters(str(value))

    def letters(self, text: str) -> None:
        QTest.keyClicks(_focus(), text)
        self.keys += len(text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(_focus(), key, modifier)
        QApplication.processEvents()
        self.keys += 1


def _focus() -> QWidget:
    found = QApplication.focusWidget() or QApplication.activeWindow()
    if found is None:
        raise RuntimeError("no window has the cursor")
    return found


def sheet_keys(deck: list[HouseholdDraft], desk: Desk) -> int:
    """Keys for the same facts in the 26-column sheet, one row a person."""
    codes = desk.profile.codes
    place = {"county": "泗洪县", "township": "界集镇", "village": "盛圩村"}
    keys = 0
    before: dict[str, str] = {}
    for paper in deck:
        for member in paper.members:
            row = {**place, **{name: _said(codes, paper, name) for name in _REPEATED if name not in place}}
            for name, said in row.items():
                keys += 2 if before.get(name) == said and said else _cell(said)
            keys += sum(_cell(_said(codes, member, name)) for name in _MEMBER)
            keys += 2  # head-count, one digit and Tab
            before = row
    return keys


def _cell(said: str) -> int:
    return (len(said) if said.isascii() else ime(said)) + 1


def _said(codes: CodeBook, draft: HouseholdDraft | MemberDraft, name: str) -> str:
    value = getattr(draft, name)
    if isinstance(value, bool):
        return "是" if value else "否"
    lists = {**_WORDS, "relation": "relation", "education": "education", "schooling": "schooling", "labour": "labour",
             "work_area": "work_area"}  # fmt: skip
    if name in lists and value:
        return str(codes.word(lists[name], value))
    return "" if value is None else str(value)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=20)
    wanted = parser.parse_args().households
    village = generate("jiangsu-2018", wanted, 11)
    deck = [each.draft for each in village.households][:wanted]
    with tempfile.TemporaryDirectory() as folder:
        remembered = Remembered(Path(folder) / "window.ini")
        application = make_application(["bench"], remembered)
        clock = DemoClock(datetime.combine(village.today, clock_time(9), CHINA))
        desk, _ = create_desk(Path(folder) / "desk", "three green hills", village.file, author="周敏", clock=clock)
        program = Program(remembered)
        program.window.show()
        QTest.qWaitForWindowExposed(program.window)
        program.window.activateWindow()
        program.show_desk(desk)
        application.processEvents()
        typist = Typist(program, desk)
        begun = time.perf_counter()
        for paper in deck:
            typist.household(paper)
        seconds = time.perf_counter() - begun
        persons, sheet = sum(len(paper.members) for paper in deck), sheet_keys(deck, desk)
        desk.close()
    print(f"{len(deck)} households, {persons} persons: form {typist.keys} keys, {seconds:.1f} s of the program; "
          f"sheet {sheet} keys; ratio {typist.keys / sheet:.2f}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
