"""The small marks beside the fields of a household file: a note on the field, and what proves it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ui.binding import Binder, get_at
from ui.context import Context
from ui.fields.rows import FieldRow
from ui.households.spec import LABELS
from ui.page import shortcut
from villagedesk.drafts.household import HouseholdDraft, noted
from villagedesk.text import say, tr


class FieldMarks(QObject):
    """Keeps the marks of all fields in step with the draft and its proofs; F4 writes a note on the field."""

    proof_wanted = Signal(str, str)  # whose, of which field

    def __init__(self, context: Context, binder: Binder[HouseholdDraft], form: QWidget) -> None:
        super().__init__(form)
        self._context = context
        self._binder = binder
        self._proofs: dict[tuple[str, str], list[str]] = {}
        binder.refreshed.connect(self._show)
        shortcut(form, "F4", self.write_note)

    def read_proofs(self) -> None:
        """Read what is attached to the household and its members."""
        draft = self._binder.draft
        ids = [each for each in (draft.id, *(member.id for member in draft.members)) if each]
        self._proofs = {}
        for each in self._context.desk.evidence.of_all(ids):
            self._proofs.setdefault((each.subject_id, each.field), []).append(each.title)
        self._show()

    def write_note(self) -> None:
        """Ask for the note on the field that has the cursor; who may only read writes none."""
        if self._context.desk.covered:
            return
        here = QApplication.focusWidget()
        found = next(((path, row) for path, row in self._binder.placed if path and _holds(row, here)), None)
        if found is None:
            self._context.messages.tell(say("Put the cursor into a field first, then press F4."))
        else:
            self._ask(*found)

    def _ask(self, path: str, row: FieldRow) -> None:
        owner, _, name = path.rpartition(".")
        place = f"{owner}.field_notes".lstrip(".")
        notes = get_at(self._binder.draft, place)
        text = self._context.messages.ask_line(
            say("Note on “{field}” (stays in the office; empty takes it off)", field=str(LABELS.get(name, name))),
            value=dict(notes).get(name, ""),
        )
        if text is not None:
            self._binder.put(place, noted(notes, name, text))
        row.editor.setFocus()

    def _show(self) -> None:
        draft = self._binder.draft
        for path, row in self._binder.placed:
            owner, _, name = path.rpartition(".")
            record = get_at(draft, owner) if path else None
            note = dict(record.field_notes).get(name, "") if record is not None else ""
            proofs = self._proofs.get((record.id, name), []) if record is not None else []
            self._show_source(row, owner, name)
            row.show_mark(tr("note"), note, partial(self._on_note, row))
            row.show_mark(tr("proof"), "\n".join(proofs), partial(self._on_proof, row))

    def _show_source(self, row: FieldRow, owner: str, name: str) -> None:
        if name and not row.editor.whatsThis():
            source = self._context.desk.sources.of_field(f"{'member' if owner else 'household'}.{name}")
            row.show_source(str(source.told) if source else "")

    def _field_of(self, row: FieldRow) -> str:
        return next((path for path, each in self._binder.placed if each is row), "")

    def _on_note(self, row: FieldRow) -> None:
        if path := self._field_of(row):
            self._ask(path, row)

    def _on_proof(self, row: FieldRow) -> None:
        owner, _, name = self._field_of(row).rpartition(".")
        self.proof_wanted.emit(get_at(self._binder.draft, owner).id, name)


def _holds(row: FieldRow, widget: QWidget | None) -> bool:
    return widget is not None and (row.editor is widget or row.editor.isAncestorOf(widget))
