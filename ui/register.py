"""A register: its entries in a list on the left, the one under the cursor in a form on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.beside import split
from ui.binding import Binder
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.fields.rows import FieldRow, grid
from ui.forms import attempt
from ui.households.editors import editor
from ui.households.spec import Section
from ui.page import button, card, row, scrolled
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.text import Text, say, tr


@dataclass(frozen=True)
class RegisterKind:
    """What a register holds and how it is kept. ``editors``: fields with an editor of their own (choices, references).

    ``draft_of`` takes the draft out of a row of the list; ``remove`` None: entries stay.
    """

    name: str
    empty: Text
    columns: Sequence[Column[Any]]
    sections: Sequence[Section]
    blank: Callable[[], Any]
    load: Callable[[], Sequence[Any]]
    save: Callable[[Any, str], Any]
    remove: Callable[[Any, str], Any] | None = None
    draft_of: Callable[[Any], Any] = lambda row: row
    editors: Mapping[str, Callable[[], QWidget]] = field(default_factory=dict)


class RegisterTab(QWidget):
    """Edits one register. ``shown`` carries the row that came under the cursor (None while a new one is typed)."""

    shown = Signal(object)
    saved = Signal(object)

    def __init__(self, context: Context, kind: RegisterKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.kind = kind
        self._rows: Sequence[Any] = ()
        self._choosing = False
        self.binder: Binder[Any] = Binder(kind.blank(), lambda _: (), self)
        self.model = PagedTable[Any](kind.columns, self)
        self.table = TableView(self.model, kind.name)
        self.add = button(say("Add"), "add", self._on_add)
        self.save_button = button(say("Save"), "save", self.save, kind="primary", key="Ctrl+S")
        self.remove_button = button(say("Take off"), "remove", self._on_remove)
        self.extra = QHBoxLayout()  # steps of their own that some registers have
        self.above = QVBoxLayout()  # what they show over the form
        self.below = QVBoxLayout()  # and under it
        self.editors: dict[str, QWidget] = {}
        self._body = Sheets()
        self._assemble()
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.binder.changed.connect(self._on_changed)

    def show_all(self, record_id: str = "") -> None:
        """Show what is stored now, the cursor where it was or on ``record_id``; typing that is not saved stays."""
        if self.binder.modified:
            return
        wanted = record_id or getattr(self.binder.draft, "id", "")
        self._rows = self.kind.load()
        self._choosing = True
        self.model.show_rows(self._rows)
        self._choosing = False
        place = next((n for n, each in enumerate(self._rows) if self.kind.draft_of(each).id == wanted), 0)
        if self._rows:
            self.table.selectRow(place)
            self._load(self._rows[place])
        else:
            self._load(None)
        self._body.setCurrentIndex(0 if self._rows else 1)

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        if not self.binder.modified:
            return True
        answer = self._context.messages.ask_save(say("This entry has changes that are not saved."))
        if answer == "drop":
            self.binder.load(self.binder.draft)
            self.show_all()
        return answer == "drop" or (answer == "save" and self.save())

    def save(self) -> bool:
        """Save the entry; problems stand beside their fields."""
        if self.binder.problems:
            self.binder.show_problems()
            return False
        return self.do(lambda: self.kind.save(self.binder.draft, tr("entered in the form")))

    def do(self, verb: Callable[[], Any], done: Text | None = None) -> bool:
        """Run a verb of the service, show what it refuses, and show the register anew."""
        known = {self.kind.draft_of(each).id for each in self._rows}
        change = attempt(self._context.messages, verb, self.binder)
        if change is None:
            return False
        self.binder.load(self.binder.draft)
        touched = [key for ids in change.records.values() for key in ids]
        self.show_all(next((key for key in touched if key not in known), ""))
        self._context.messages.tell(done or say("Saved."), "ok")
        self._context.tell_change(change, self)
        self.saved.emit(change)
        return True

    def _assemble(self) -> None:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self.above)
        for section in self.kind.sections:
            column.addWidget(self._card(section))
        column.addLayout(self.below)
        column.addStretch(1)
        left = QWidget()
        lines = QVBoxLayout(left)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.table, 1)
        lines.addLayout(row(self.add, self.remove_button))
        self.remove_button.setVisible(self.kind.remove is not None)
        right = QWidget()
        lines = QVBoxLayout(right)
        lines.setContentsMargins(style.letters() // 2, 0, 0, 0)
        lines.addWidget(scrolled(form), 1)
        buttons = QHBoxLayout()
        buttons.addLayout(self.extra)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        lines.addLayout(buttons)
        self._body.addWidget(split((left, 30), (right, 50)))
        first = button(say("Make the first entry"), "add", self._on_first, kind="primary")
        self._body.addWidget(EmptyState(str(self.kind.empty), first))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, style.letters() // 2, 0, 0)
        outer.addWidget(self._body, 1)
        self._enter = NextOnEnter(self)
        self._enter.watch(form)

    def _card(self, section: Section) -> QWidget:
        codes = self._context.desk.profile.codes
        rows: list[FieldRow | tuple[FieldRow, int]] = []
        for spec in section.fields:
            own = self.kind.editors.get(spec.name)
            made = own() if own else editor(spec, codes)
            self.editors[spec.name] = made
            line = FieldRow(str(spec.label), made, str(spec.hint) if spec.hint else "")
            self.binder.bind(spec.name, line)
            source = self._context.desk.sources.of_entry(type(self.binder.draft), spec.name)
            line.show_source(str(source.told) if source else "")
            rows.append((line, min(spec.span, 3)))
        return card(grid(rows, 3), heading=str(section.heading))

    def _load(self, found: Any) -> None:
        self.binder.load(self.kind.draft_of(found) if found is not None else self.kind.blank())
        self.remove_button.setEnabled(found is not None)
        self.shown.emit(found)

    def _on_first(self) -> None:
        self._body.setCurrentIndex(0)
        self._on_add()

    def _on_add(self) -> None:
        if not self.may_leave():
            return
        self._choosing = True
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self._choosing = False
        self._load(None)
        first = self.binder.row_of(self.kind.sections[0].fields[0].name)
        if first is not None:
            first.editor.setFocus()

    def _on_remove(self) -> None:
        draft, remove = self.binder.draft, self.kind.remove
        if remove is None or not draft.id:
            return
        reason = self._context.messages.ask_line(say("Why is this entry taken off?"))
        if reason:
            self.do(lambda: remove(draft, reason))

    def _on_current(self, current: QModelIndex, before: QModelIndex) -> None:
        if self._choosing or not current.isValid() or current.row() >= len(self._rows):
            return
        if self.binder.modified and not self.may_leave():
            self._choosing = True
            self.table.selectRow(before.row())
            self._choosing = False
            return
        self._load(self._rows[current.row()])

    def _on_changed(self) -> None:
        self.save_button.setEnabled(self.binder.modified)
