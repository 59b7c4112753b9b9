"""Jobs and posts of a member, one a line: typed as on paper, read line by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.fields.choices import Option
from ui.fields.initials import initials
from ui.fields.lines import NoteField, read_date
from villagedesk.text import tr
from villagedesk.values import halfwidth

Job = tuple[str, str, str, str]


class JobsField(NoteField):
    """Kind, where, first day, last day. What cannot be read stays on screen and is complained about."""

    def __init__(self, kinds: Sequence[Option], parent: QWidget | None = None) -> None:
        self._kinds = tuple(kinds)
        self._wrong = ""
        self._value: tuple[Job, ...] = ()
        super().__init__(3, parent)
        self.setProperty("entries", True)  # Enter on an empty line goes on

    def show_value(self, value: Any) -> None:
        """Show the jobs, a line each, unless they are what is being typed anyway."""
        if tuple(value or ()) == self._value and (self._wrong or self.hasFocus()):
            return
        self._value, self._wrong = tuple(value or ()), ""
        super().show_value("\n".join(self._line(job) for job in self._value))

    def complaint(self) -> str:
        """The first line that is no job."""
        return self._wrong

    def _on_typed(self) -> None:
        if self._showing:
            return
        jobs = []
        self._wrong = ""
        for line in filter(None, (line.strip() for line in self.toPlainText().splitlines())):
            try:
                jobs.append(self._read(line))
            except ValueError:
                self._wrong = self._wrong or tr("“{line}”: type kind, where and the first day.", line=line)
        if not self._wrong:
            self._value = tuple(jobs)
        self.edited.emit(self._value)

    def _line(self, job: Job) -> str:
        kind, *rest = job
        word = next((option.word for option in self._kinds if option.key == kind), kind)
        return " ".join(filter(None, (word, *rest)))

    def _read(self, line: str) -> Job:
        """One job. Raises ValueError when the line is none."""
        first, *rest = halfwidth(line).split()
        days: list[str] = []
        while rest and len(days) < 2 and rest[-1][0].isdigit():
            days.insert(0, read_date(rest.pop()).isoformat())
        if not days or not rest:
            raise ValueError(line)
        return (self._kind(first.casefold()), " ".join(rest), days[0], days[1] if days[1:] else "")

    def _kind(self, typed: str) -> str:
        for option in self._kinds:
            if typed in {option.key, option.key.lstrip("0"), option.word} or initials(option.word).startswith(typed):
                return option.key
        found = next((option.key for option in self._kinds if typed in option.word), "")
        if not found:
            raise ValueError(typed)
        return found
