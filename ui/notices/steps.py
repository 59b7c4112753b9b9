"""The next step of a notice and the little it needs: days, posting, result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import style
from ui.fields.editor import NextOnEnter
from ui.fields.flow import Flow
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow
from ui.page import button, label, set_tone
from ui.stack import Sheets
from villagedesk.services.notices import NoticeRow
from villagedesk.text import Text, say, tr

_PATH: tuple[Text, ...] = (
    say("1 Days"), say("2 Check"), say("3 Print"), say("4 Post"), say("5 Hangs"), say("6 Result"), say("7 Archive"),
)  # fmt: skip
_DAYS, _CHECK, _PRINT, _POST, _HANGS, _RESULT, _ARCHIVE, _DONE = range(8)


class NoticeSteps(QFrame):
    """Shows the path with the present step marked, and the form of that step only."""

    verb_wanted = Signal(object)
    take_wanted = Signal(str)  # file, renew, withdraw, photo

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._today = today
        self._row: NoticeRow | None = None
        self._marks = [label(str(step), badge=True) for step in _PATH]
        self._starts_on, self._posted_on = date_field(), date_field()
        self._place, self._by, self._result = text_field(), text_field(), text_field()
        self._said = label("", wrap=True)
        self._checked = label("", badge=True)
        self._further: dict[str, QPushButton] = {}
        self._photos = button(say("Add a photograph"), "", partial(self.take_wanted.emit, "photo"), kind="link")
        self._step = _DAYS
        self._forms = Sheets()
        self._assemble()
        self._enter = NextOnEnter(self)
        self._enter.watch(self)

    def show_notice(self, row: NoticeRow) -> None:
        """Show the step a notice waits for."""
        self._row = row
        notice = row.notice
        step = self._step = _step_of(row)
        for verb, further in self._further.items():
            further.setVisible(any(way.verb == verb and way.open for way in row.steps))
        self._mark(_CHECK if step == _PRINT else step)
        self._photos.setVisible(notice.posted_on is not None)
        self._starts_on.show_value(notice.starts_on or self._today())
        self._posted_on.show_value(notice.starts_on or self._today())
        self._place.show_value(notice.place)
        self._by.show_value(notice.posted_by)
        self._said.setText(_words(row, step))
        self._forms.setVisible(step not in {_HANGS, _ARCHIVE, _DONE})
        self._forms.setCurrentIndex({_POST: 1, _RESULT: 2}.get(step, 0))

    def show_check(self, passed: bool | None) -> None:
        """Say whether the very paper of the preview may be posted; None while it is not known."""
        if self._step == _PRINT:
            self._mark(_PRINT if passed else _CHECK)
        self._checked.setVisible(passed is not None)
        self._checked.setText(tr("Privacy check passed") if passed else tr("Must not be posted"))
        set_tone(self._checked, "ok" if passed else "problem")
        self._checked.updateGeometry()

    def show_photos(self, count: int) -> None:
        """Say how many photographs of the hanging notice are kept."""
        self._photos.setText(tr("Photographs ({n})", n=count) if count else tr("Add a photograph"))

    def _mark(self, step: int) -> None:
        for number, mark in enumerate(self._marks):
            set_tone(mark, "ok" if number < step else "warn" if number == step else "")

    def _assemble(self) -> None:
        marks = Flow(gap=6)
        for mark in self._marks:
            marks.addWidget(mark)
        marks.addWidget(self._checked)
        marks.addWidget(self._photos)
        for verb, words in (
            ("file", say("Taken down and filed")), ("renew", say("Renew the list")), ("withdraw", say("Withdraw")),
        ):  # fmt: skip
            self._further[verb] = button(words, "", partial(self.take_wanted.emit, verb), kind="link")
            marks.addWidget(self._further[verb])
        self._forms.addWidget(
            _line(
                FieldRow(tr("First day on the board"), self._starts_on),
                button(say("Set the days"), "today", self._on_days),
            )
        )
        self._forms.addWidget(
            _line(
                FieldRow(tr("Posted on"), self._posted_on), FieldRow(tr("Where"), self._place),
                FieldRow(tr("By whom"), self._by), button(say("It hangs"), "ok", self._on_post, kind="primary"),
            )
        )  # fmt: skip
        self._forms.addWidget(
            _line(
                FieldRow(tr("Result"), self._result),
                button(say("Record the result"), "save", self._on_close, kind="primary"),
            )
        )
        self._forms.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)  # the path may wrap: higher
        column = QVBoxLayout(self)
        gap = style.letters()
        column.setContentsMargins(gap, gap // 2, gap, gap // 2)
        column.addLayout(marks)
        column.addWidget(self._said)
        column.addWidget(self._forms)

    def _on_days(self) -> None:
        row, on = self._row, self._starts_on.value()
        if row is not None and on is not None:
            self._want(lambda desk: desk.notices.plan_days(row.notice.id, on, tr("days of the notice")))

    def _on_post(self) -> None:
        row, on, place, by = self._row, self._posted_on.value(), self._place.value() or "", self._by.value() or ""
        if row is not None and on is not None:
            self._want(lambda desk: desk.notices.post(row.notice.id, on, place, by, tr("posted on the board")))

    def _on_close(self) -> None:
        row, result = self._row, self._result.value() or tr("no objection")
        if row is not None:
            self._want(lambda desk: desk.notices.close(row.notice.id, result, tr("days over")))

    def _want(self, verb: Callable[[Any], Any]) -> None:
        self.verb_wanted.emit(verb)


def _step_of(row: NoticeRow) -> int:
    notice = row.notice
    if row.done:
        return _ARCHIVE if any(way.verb == "file" for way in row.steps) else _DONE
    if row.hangs:
        return _RESULT if row.over else _HANGS
    if notice.starts_on is None:
        return _DAYS
    return _POST if notice.digest else _PRINT


def _words(row: NoticeRow, step: int) -> str:
    notice = row.notice
    if step < _HANGS:
        return _before(row, step)
    if step == _HANGS:
        last = _day(notice.ends_on)
        return tr("Day {n} of {count}, until {last}. Objections are registered below.", n=row.day, count=row.days,
                  last=last)  # fmt: skip
    if step == _RESULT:
        first, last = _day(notice.starts_on), _day(notice.ends_on)
        return tr("The days are over ({first} to {last}). Record the result.", first=first, last=last)
    if step == _ARCHIVE:
        return tr("Result: {result}. Take the paper down and file it with its photographs.", result=notice.result)
    return tr("Result: {result}", result=notice.result)


def _before(row: NoticeRow, step: int) -> str:
    """What is to be done before it hangs."""
    first, last = _day(row.notice.starts_on), _day(row.notice.ends_on)
    if step == _DAYS:
        return tr(
            "It speaks of {n}. The notice hangs {days} {days:day|days}; both its first and its last "
            "day are printed on it.",
            n=row.cases,
            days=row.days,
        )
    if step == _PRINT:
        return tr("From {first} to {last}. Look at the preview, then print it.", first=first, last=last)
    return tr("Printed, from {first} to {last}. Enter where and when it was posted.", first=first, last=last)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _line(*parts: QWidget) -> QWidget:
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        if isinstance(part, FieldRow):
            line.addWidget(part, 1)
        else:
            column = QVBoxLayout()
            column.addStretch(1)
            column.addWidget(part)
            line.addLayout(column)
    line.addStretch(1)
    return made
