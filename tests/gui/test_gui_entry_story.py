"""A household of four is entered with the keys alone: typed codes, initials, full-width digits, a stop at a double,
a note on a field, a power cut and the way back to where one was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.factories import make_id_number
from tests.gui.windowed import Answers
from ui.app import Program
from ui.households.form import HouseholdForm
from ui.households.spec import HOUSEHOLD, LIVING, MEMBER
from ui.slices import SlicedCards
from villagedesk.desk import Desk

ENTER, CTRL, ALT = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
FATHER, MOTHER, SON, GRANNY = (
    make_id_number(date(1975, 3, 15)), make_id_number(date(1978, 8, 1), "2"), make_id_number(date(2004, 5, 2)),
    make_id_number(date(1949, 1, 9), "2"),
)  # fmt: skip


class NoMouse(QObject):
    """Fails the story when anything is clicked."""

    clicks = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.clicks += event.type() == QEvent.Type.MouseButtonPress
        return False


@pytest.fixture
def keys(qtbot: QtBot, opened: Program, qapp: QApplication) -> Iterator[Keys]:
    watcher = NoMouse()
    opened.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is opened.window)
    qapp.installEventFilter(watcher)
    yield Keys(qtbot, opened)
    qapp.removeEventFilter(watcher)
    assert watcher.clicks == 0


class Keys:
    """The hands of whoever types."""

    def __init__(self, qtbot: QtBot, program: Program) -> None:
        self._bot = qtbot
        self._program = program

    @property
    def form(self) -> HouseholdForm:
        page = self._program.window.frame.page if self._program.window.frame else None
        assert isinstance(page, HouseholdForm)
        return page

    @property
    def here(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._bot.keyClick(QApplication.focusWidget() or self._program.window, key, modifier)

    def type(self, word: str) -> None:
        """Type a word; Chinese comes from an input method, full-width digits as the keys that send them."""
        if word.isascii():
            self._bot.keyClicks(self.here, word)
        elif word.isdigit():
            for letter in word:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(
                        self.here, QKeyEvent(kind, ord(letter), Qt.KeyboardModifier.NoModifier, letter)
                    )
        else:
            commit = QInputMethodEvent("", [])
            commit.setCommitString(word)
            QApplication.sendEvent(self.here, commit)

    def at(self, path: str) -> None:
        """Go on with Enter until the cursor stands in a field; it has to lie ahead."""
        row = self.form.binder.row_of(path)
        assert row is not None
        for _ in range(70):
            if self.here is row.editor or row.editor.isAncestorOf(self.here):
                return
            self.press(ENTER)
        raise AssertionError(f"Enter never comes to {path}")

    def fill(self, path: str, word: str) -> None:
        self.at(path)
        self.type(word)

    def person(self, number: int, **words: str) -> None:
        self.press(ENTER, CTRL)
        for name, word in words.items():
            self.fill(f"members.{number}.{name}", word)


def test_four_persons_by_the_keys_alone(keys: Keys, opened: Program, desk: Desk, answers: Answers) -> None:
    double = desk.households.get(desk.lists.household_ids()[0])
    keys.press(Qt.Key.Key_N, CTRL)
    assert keys.form.binder.draft.id == ""
    keys.fill("no", "９００１")
    keys.fill("group", "三组")
    keys.fill("phone", "１３９００００００００")
    keys.fill("kind", "ybd")  # initials of 一般低收入农户
    keys.fill("standard", "２")
    keys.fill("identified_year", "２０１６")
    keys.fill("main_cause", "07")
    keys.fill("other_causes", "09")
    keys.at("cause_note")
    answers.line = "户主口述，待核"
    keys.press(Qt.Key.Key_F4)
    keys.press(Qt.Key.Key_Tab, CTRL)

    keys.person(0, id_number=double.members[0].id_number)
    problem = keys.form.binder.row_of("members.0.id_number").problem
    assert double.no in problem, "a number of another file stops while it is typed"
    keys.press(Qt.Key.Key_A, CTRL)
    keys.type(FATHER)
    row = keys.form.binder.row_of("members.0.id_number")
    assert row.problem == ""
    keys.fill("members.0.name", "王建国")
    assert keys.form.binder.draft.members[0].relation == "01"
    keys.fill("members.0.labour", "pt")
    keys.person(1, id_number=MOTHER, name="李秀芳", relation="po", labour="02", dibao="２")

    keys.form.binder.row_of("members.1.dibao")
    assert keys.form.binder.draft.members[1].dibao is False
    typed = keys.form.binder.draft
    keys.form._keeper.keep()
    opened.window.frame.page.binder.load(type(typed)())  # the power goes
    opened.window.go("today")

    keys.press(Qt.Key.Key_N, CTRL)
    keys.press(ENTER, ALT)  # “Bring it back”, as the message above the page says
    assert keys.form.binder.draft == typed
    keys.press(Qt.Key.Key_Tab, CTRL)
    keys.person(2, id_number=SON, name="王强", relation="03", schooling="16")
    keys.person(3, id_number=GRANNY, name="陈桂英", relation="12")
    keys.press(Qt.Key.Key_Tab, CTRL)
    keys.fill("dwelling", "B")
    keys.fill("land_arable", "４．５")
    keys.press(Qt.Key.Key_S, CTRL)

    stored = desk.households.by_no("9001")
    assert (stored.group, stored.phone, stored.standard, stored.identified_year) == ("三组", "13900000000", "2", 2016)
    assert (stored.main_cause, stored.other_causes, stored.land_arable) == ("07", ("09",), 450)
    assert [(m.name, m.relation, m.sex, m.id_number) for m in stored.members] == [
        ("王建国", "01", "1", FATHER), ("李秀芳", "02", "2", MOTHER), ("王强", "03", "1", SON),
        ("陈桂英", "12", "2", GRANNY),
    ]  # fmt: skip
    assert stored.members[0].birth == date(1975, 3, 15)
    assert dict(stored.field_notes) == {"cause_note": "户主口述，待核"}


def test_the_cursor_goes_down_the_window_as_down_the_paper(keys: Keys, opened: Program) -> None:
    keys.press(Qt.Key.Key_N, CTRL)
    keys.form.members.add()
    for first, parts, prefix, tab in (("no", HOUSEHOLD, "", 0), ("members.0.id_number", MEMBER, "members.0.", 1),
                                      ("dwelling", LIVING, "", 2)):  # fmt: skip
        keys.form.tabs.setCurrentIndex(tab)
        keys.form.show_field(first)
        for cards in keys.form.findChildren(SlicedCards):
            cards.complete()  # a person is slower than the turns in which they come
        wanted = [prefix + spec.name for part in parts if not part.sensitive for spec in part.fields]
        seen: list[str] = []
        for _ in range(len(wanted) * 2):
            path = next((path for path, row in keys.form.binder.placed
                         if row.editor is keys.here or row.editor.isAncestorOf(keys.here)), "")  # fmt: skip
            if path and path not in seen:
                seen.append(path)
            keys.press(Qt.Key.Key_Tab if path.endswith(("note", "jobs")) else ENTER)
            if seen and seen[-1] == wanted[-1]:
                break
        assert seen == wanted
