"""Explicit binding of a frozen draft to its editors, with undo.

A path names a value inside the draft: ``address``, ``members.2.name``. In ``members.*.name`` the star is the item
selected now. Nothing is written that nobody typed: None stays None.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QWidget

from ui.fields.rows import FieldRow
from villagedesk.errors import Problem
from villagedesk.text import Text

D = TypeVar("D")

Check = Callable[[Any], Sequence[Problem]]
"""Pure: the problems of a draft, each naming its field."""


def get_at(draft: Any, path: str) -> Any:
    """The value at ``path``, the draft itself at "". Raises IndexError when the item is gone."""
    for part in path.split(".") if path else ():
        draft = draft[int(part)] if part.isdecimal() else getattr(draft, part)
    return draft


def put_at(draft: Any, path: str, value: Any) -> Any:
    """A copy of ``draft`` with ``value`` at ``path``; at "" it is ``value`` itself."""
    if not path:
        return value
    first, _, rest = path.partition(".")
    if first.isdecimal():
        index = int(first)
        inner = put_at(draft[index], rest, value) if rest else value
        return (*draft[:index], inner, *draft[index + 1 :])
    inner = put_at(getattr(draft, first), rest, value) if rest else value
    return dataclasses.replace(draft, **{first: inner})


class _Edit(QUndoCommand):
    """One step back: the typing in one field, or one act on the whole form."""

    def __init__(self, binder: Binder[Any], path: str, old: Any, new: Any) -> None:
        super().__init__()
        self._binder = binder
        self.path = path
        self._old = old
        self.new = new
        self._first = True

    def undo(self) -> None:
        """Put the old value back and show where."""
        self._binder.replay(self.path, self._old)

    def redo(self) -> None:
        """Put the new value in; the first time it is there already."""
        if self._first:
            self._first = False
        else:
            self._binder.replay(self.path, self.new)

    def id(self) -> int:
        """Edits may merge."""
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Typing on in the same field is the same step."""
        if not isinstance(other, _Edit) or other.path != self.path or not self.path or isinstance(self.new, tuple):
            return False
        self.new = other.new
        return True


class Binder(QObject, Generic[D]):
    """Holds the draft being edited, keeps editors and draft the same, and says what is wrong beside the field."""

    changed = Signal()
    typed = Signal(str)  # somebody typed at this path
    went_to = Signal(str)  # undo touched this path: show it
    refreshed = Signal()  # every editor shows the draft anew

    def __init__(self, draft: D, check: Check, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self._draft = draft
        self._check = check
        self._rows: dict[str, FieldRow] = {}
        self._selected: dict[str, int] = {}
        self._said: tuple[Problem, ...] = ()
        self._owed: list[Callable[[], object]] = []

    @property
    def draft(self) -> D:
        """The draft as it is on screen."""
        return self._draft

    @property
    def modified(self) -> bool:
        """Whether there is anything to save."""
        return not self.stack.isClean()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the rules say of the draft now, unreadable typing first."""
        unread = [
            Problem(Text(complaint), self._real(path))
            for path, row in self._rows.items()
            if (complaint := row.value_editor.complaint())
        ]
        return (*unread, *self._check(self._draft))

    def bind(self, path: str, row: FieldRow) -> None:
        """Keep the editor of ``row`` and the value at ``path`` the same."""
        self._rows[path] = row
        row.value_editor.edited.connect(partial(self._on_edited, path))
        self._show(path, row)

    def owe(self, complete: Callable[[], object]) -> None:
        """More rows are to come turn by turn; ``complete`` binds them now, for somebody who is led to one of them."""
        self._owed.append(complete)

    @property
    def rows(self) -> tuple[FieldRow, ...]:
        """The field rows in the order in which they were bound."""
        return tuple(self._rows.values())

    @property
    def editors(self) -> tuple[QWidget, ...]:
        """The editors in the order in which they were bound."""
        return tuple(row.editor for row in self._rows.values())

    def unbind(self, path: str) -> None:
        """Let go of the editor at ``path``: its row is taken off the form."""
        self._rows.pop(path, None)

    def forget(self) -> None:
        """Let go of all editors: the form is built anew."""
        self._rows.clear()
        self._owed.clear()

    def load(self, draft: D) -> None:
        """Show another draft, or the same after a save; nothing to undo, nothing to save."""
        self._draft = draft
        self._said = ()
        self.stack.clear()
        self.stack.setClean()
        self.refresh()
        self.changed.emit()

    def saved(self, draft: D) -> None:
        """The draft is stored as ``draft``; the steps back stay."""
        self._draft = draft
        self.stack.setClean()
        self.refresh()
        self.changed.emit()

    def select(self, items: str, index: int) -> None:
        """Let the star of ``items.*`` stand for ``index``; -1 for none."""
        if self._selected.get(items, -1) != index:
            self._selected[items] = index
            self.refresh()

    def put(self, path: str, value: Any) -> None:
        """Change a value by a button of the form, as one step that can be undone."""
        old = get_at(self._draft, path)
        if old == value:
            return
        self._draft = put_at(self._draft, path, value)
        self.stack.push(_Edit(self, path, old, value))
        self.refresh()
        self.changed.emit()

    def replay(self, path: str, value: Any) -> None:
        """Put a value back without a new step (undo, redo)."""
        self._draft = put_at(self._draft, path, value)
        self.went_to.emit(path)
        self.refresh()
        self.changed.emit()

    def refresh(self) -> None:
        """Show the draft in every editor, then what is wrong with it."""
        for path, row in self._rows.items():
            self._show(path, row)
        self.show_problems(self._said)
        self.refreshed.emit()

    def tell_bound(self) -> None:
        """More rows were bound: they show their values already; show what is wrong with them too."""
        self.show_problems(self._said)
        self.refreshed.emit()

    def show_problems(self, said: Sequence[Problem] = ()) -> None:
        """Show the problems beside their fields; ``said`` are those that came back from a refused save."""
        self._said = tuple(said)
        found: dict[str, str] = {}
        for problem in (*self.problems, *said):
            found.setdefault(problem.field, str(problem))
        for path, row in self._rows.items():
            row.show_problem(found.get(self._real(path), ""))

    @property
    def placed(self) -> tuple[tuple[str, FieldRow], ...]:
        """Each field row with the field it shows now; of a list without a selected item, with ""."""
        real = ((self._real(path), row) for path, row in self._rows.items())
        return tuple(("" if ".-1." in path else path, row) for path, row in real)

    def row_of(self, field: str) -> FieldRow | None:
        """The field row that shows ``field`` now, None when the form has none."""
        found = self._bound_to(field)
        if found is None and self._owed:
            for complete in self._owed:
                complete()
            self._owed.clear()
            found = self._bound_to(field)
        return found

    def _bound_to(self, field: str) -> FieldRow | None:
        return next((row for path, row in self._rows.items() if self._real(path) == field), None)

    def _real(self, path: str) -> str:
        items, star, name = path.partition(".*.")
        if not star:
            return path
        index = self._selected.get(items, -1)
        return f"{items}.{index if index < len(get_at(self._draft, items)) else -1}.{name}"

    def _show(self, path: str, row: FieldRow) -> None:
        real = self._real(path)
        gone = ".-1." in real
        row.setEnabled(not gone)
        row.value_editor.show_value(None if gone else get_at(self._draft, real))

    def _on_edited(self, path: str, value: Any) -> None:
        real = self._real(path)
        if ".-1." in real:
            return
        old = get_at(self._draft, real)
        if value != old:
            self._draft = put_at(self._draft, real, value)
            self.stack.push(_Edit(self, real, old, value))
        self._said = tuple(problem for problem in self._said if problem.field != real)
        self.show_problems(self._said)
        self.changed.emit()
        self.typed.emit(real)
