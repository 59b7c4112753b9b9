"""Single-line editors: text, whole numbers, hundredths, yuan, dates typed as digits, ID numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from villagedesk.text import Text, say
from villagedesk.values import halfwidth, hundredths, mask_id, yuan


class LineField(QLineEdit):
    """A line that is read into a value. What cannot be read is kept on screen and complained about, never dropped."""

    edited = Signal(object)

    def __init__(
        self,
        read: Callable[[str], Any],
        write: Callable[[Any], str],
        hint: Text | str | None = None,
        wrong: Text | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._write = write
        self._wrong = wrong or say("This cannot be read.")
        self._value: Any = None
        self._complaint = ""
        if hint is not None:
            self.setPlaceholderText(str(hint))
        self.textEdited.connect(self._on_typed)

    def value(self) -> Any:
        """The last value that could be read."""
        return self._value

    def show_value(self, value: Any) -> None:
        """Show ``value`` unless it is what is being typed anyway."""
        if value == self._value and not self._complaint and self.hasFocus():
            return
        self._value = value
        self._complaint = ""
        self._write_down()

    def complaint(self) -> str:
        """Why the typed text is no value."""
        return self._complaint

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who is led here goes on at the end of what stands; a click stays where it fell, the tab key takes it all."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.OtherFocusReason:
            self.end(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write the value the regular way once typing is over."""
        super().focusOutEvent(event)
        if not self._complaint:
            self._write_down()

    def _write_down(self) -> None:
        self.setText(self._shown())
        if not self.hasFocus():
            self.setCursorPosition(0)  # a long value shows how it begins

    def _shown(self) -> str:
        return self._write(self._value)

    def _on_typed(self, text: str) -> None:
        try:
            self._value = self._read(text)
            self._complaint = ""
        except ValueError:
            self._complaint = str(self._wrong)
        self.edited.emit(self._value)


class IdField(LineField):
    """An ID number: masked while nobody works on it (DOMAIN §8.2, tier 2), whole while it is being edited."""

    revealed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_read_id, str, parent=parent)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the whole number to the person who edits it."""
        super().focusInEvent(event)
        if self._value:
            self.setText(str(self._value))
            self.revealed.emit()

    def _shown(self) -> str:
        value = str(self._value or "")
        return value if self.hasFocus() else mask_id(value)


class PhoneField(IdField):
    """A telephone number: its last four digits while nobody works on it (DOMAIN §8.2, tier 2)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read = halfwidth


class NoteField(QPlainTextEdit):
    """Several lines of text."""

    edited = Signal(object)

    def __init__(self, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 18)
        self.textChanged.connect(self._on_typed)

    def show_value(self, value: Any) -> None:
        """Show ``value`` unless it stands there already."""
        if value != self.toPlainText():
            self._showing = True
            self.setPlainText(value or "")
            self._showing = False

    def complaint(self) -> str:
        """Any text is a value."""
        return ""

    def _on_typed(self) -> None:
        if not self._showing:
            self.edited.emit(self.toPlainText())


def text_field(hint: Text | str | None = None) -> LineField:
    """A line of text; outer blanks are dropped."""
    return LineField(str.strip, lambda value: value or "", hint)


def digits_field(hint: Text | str | None = None) -> LineField:
    """A number that is a name (household number, telephone): full-width digits become plain ones."""
    return LineField(halfwidth, lambda value: value or "", hint)


def whole_field(hint: Text | str | None = None, *, empty: int | None = None) -> LineField:
    """A whole number or nothing; ``empty`` is what nothing means to the draft."""
    return LineField(
        _optional(_read_whole, empty),
        lambda value: "" if value == empty else str(value),
        hint,
        say("Type a whole number, for example 12."),
    )


def hundredths_field(hint: Text | str | None = None) -> LineField:
    """Land, area, distance: up to two decimals on screen, integer hundredths inside."""
    return LineField(_optional(hundredths), _write_hundredths, hint, say("Type a number with at most two decimals."))


def yuan_field(hint: Text | str | None = None, *, empty: int | None = None) -> LineField:
    """Money: yuan on screen, integer fen inside; ``empty`` is what nothing means to the draft."""
    return LineField(
        _optional(hundredths, empty),
        lambda value: "" if value is None or value == empty else yuan(value),
        hint,
        say("Type an amount in yuan, for example 1234.50."),
    )


def date_field(hint: Text | str | None = None) -> LineField:
    """A date typed as digits (20240315), with any separators or with 年月日."""
    return LineField(
        _optional(read_date),
        lambda value: value.isoformat() if value else "",
        hint or "20240315",
        say("Type the date as eight digits: year, month, day, for example 20240315."),
    )


_DATE = re.compile(r"(\d{4})(?:[-./年\s](\d{1,2})[-./月\s](\d{1,2})日?|(\d{2})(\d{2}))")


def read_date(text: str) -> date:
    """The date in ``text``. Raises ValueError when it is none."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day, month2, day2 = found.groups()
    return date(int(year), int(month or month2), int(day or day2))


def _optional(read: Callable[[str], Any], empty: Any = None) -> Callable[[str], Any]:
    def reader(text: str) -> Any:
        plain = halfwidth(text)
        return read(plain) if plain else empty

    return reader


_DIGITS = 12  # more than any count or year has


def _read_whole(plain: str) -> int:
    digits = plain.replace(",", "")
    if not digits.isdecimal() or len(digits) > _DIGITS:
        raise ValueError(plain)
    return int(digits)


def _read_id(text: str) -> str:
    return halfwidth(text).replace(" ", "").upper()


def _write_hundredths(value: int | None) -> str:
    if value is None:
        return ""
    return yuan(value).removesuffix("0").removesuffix(".0")
