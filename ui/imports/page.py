"""A roster in: choose the file, see what it would change, accept, and take it back in one step if it was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabWidget, QWidget

from ui.context import Context
from ui.households.words import label_of, value_word
from ui.page import Page, button, label, set_tone
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.rosters import ImportPreview

KINDS = "*.xlsx *.xls *.csv"


@dataclass(frozen=True)
class DiffLine:
    """One thing the import would write."""

    no: str
    name: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class RejectLine:
    """One row or cell that is not taken."""

    place: str
    column: str
    value: str
    reason: str


class ImportPage(Page):
    """File → what it would do → done."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Import a roster"), tr("Nothing is written before you accept it, and one step takes it all back.")
        )
        self._context = context
        self._file: Path | None = None
        self._preview: ImportPreview | None = None
        self._counts = [label("", badge=True) for _ in range(4)]
        self._notes = label("", "hint", wrap=True)
        self.changes = PagedTable[DiffLine](_diff_columns(), self)
        self.rejects = PagedTable[RejectLine](_reject_columns(), self)
        self._tabs = QTabWidget()
        self._body = QStackedWidget()
        self._accept = button(say("Import"), "import", self._on_accept, kind="primary")
        self._rejects = button(say("Save the rejected rows"), "export", self._on_rejects)
        self.setAcceptDrops(True)
        self._assemble()

    def show_place(self, **place: Any) -> None:
        """Begin anew; ``file`` names the roster."""
        self._preview = None
        self._show()
        if place.get("file"):
            self.read(Path(place["file"]))

    def read(self, file: Path) -> None:
        """Read a roster and hold it against the desk."""
        self._file = file
        rosters = self._context.desk.rosters
        self._context.jobs.store(
            say("Reading the roster"), lambda step: rosters.preview(file, step=step), self._on_preview
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file dropped."""
        urls = event.mimeData().urls()
        if urls:
            self.read(Path(urls[0].toLocalFile()))

    def _assemble(self) -> None:
        choose = button(say("Choose another file"), "folder", self._on_choose)
        counts = QHBoxLayout()
        for mark in self._counts:
            counts.addWidget(mark)
        counts.addStretch(1)
        for widget in (choose, self._rejects, self._accept):
            counts.addWidget(widget)
        self._tabs.addTab(TableView(self.changes, tr("Changes")), tr("Changes"))
        self._tabs.addTab(TableView(self.rejects, tr("Not taken")), tr("Not taken"))
        self._tabs.setDocumentMode(True)
        empty = EmptyState(
            tr(
                "Choose last year's list as it came: Excel or CSV, the 26 or 47 columns of the state system, "
                "in any order. Or drop the file here."
            ),
            button(say("Choose the file"), "folder", self._on_choose, kind="primary"),
        )
        inner = QWidget()
        inner.setLayout(counts)
        counts.setContentsMargins(0, 0, 0, 0)
        self._head = inner
        self.column.addWidget(self._head)
        self.column.addWidget(self._notes)
        self._body.addWidget(empty)
        self._body.addWidget(self._tabs)
        self.column.addWidget(self._body, 1)

    def _show(self) -> None:
        preview = self._preview
        self._body.setCurrentIndex(0 if preview is None else 1)
        self._head.setVisible(preview is not None)
        self._notes.setVisible(preview is not None)
        if preview is None or self._file is None:
            self.retitle(
                tr("Import a roster"), tr("Nothing is written before you accept it, and one step takes it all back.")
            )
            return
        self.retitle(tr("Import a roster"), self._file.name)
        self._show_counts(preview)
        codes = self._context.desk.profile.codes
        self.changes.show_rows(tuple(_diff_lines(preview, codes)))
        self.rejects.show_rows([_reject_line(one) for one in preview.rejected])
        self._tabs.setTabText(1, tr("Not taken ({n})", n=len(preview.rejected)))
        self._tabs.setTabText(0, tr("Changes ({n})", n=self.changes.rowCount()))
        notes = "\n".join(_notes(preview))
        self._notes.setText(notes)
        self._notes.setVisible(bool(notes))

    def _show_counts(self, preview: ImportPreview) -> None:
        houses, people = preview.households, preview.members
        said = (
            (tr("New: {n} households, {m} persons", n=houses["new"], m=people["new"]), "ok"),
            (tr("Changed: {n} households, {m} persons", n=houses["changed"], m=people["changed"]), "warn"),
            (tr("Unchanged: {n}", n=houses["unchanged"]), ""),
            (tr("Not taken: {n} rows", n=people["rejected"]), "problem" if preview.rejected else ""),
        )
        for mark, (text, tone) in zip(self._counts, said, strict=True):
            mark.setText(text)
            set_tone(mark, tone)
        work = houses["new"] + houses["changed"]
        self._accept.setText(tr("Import {n} households", n=work))
        self._accept.setEnabled(work > 0)
        self._rejects.setVisible(bool(preview.rejected))

    def _on_choose(self) -> None:
        file = self._context.messages.open_file(say("Choose the roster"), f"{tr('Rosters')} ({KINDS})")
        if file is not None:
            self.read(file)

    def _on_preview(self, preview: ImportPreview) -> None:
        self._preview = preview
        self._show()

    def _on_accept(self) -> None:
        preview, file, rosters = self._preview, self._file, self._context.desk.rosters
        if preview is not None and file is not None:
            self._accept.setEnabled(False)
            reason = tr("roster {file}", file=file.name)
            self._context.jobs.store(say("Importing"), lambda _step: rosters.take(preview, reason), self._on_taken)

    def _on_taken(self, change: Any) -> None:
        self._preview = None
        self._show()
        # A job of its own: the import is safe already, and may be taken back whether or not this one ends well.
        self._context.jobs.store(say("Preparing the search"), self._context.desk.lists.pay_search)
        self._context.tell_change(change, self)
        self._context.navigator.go("households")
        self._context.messages.tell(
            say("Imported: {n} households.", n=len(change.records.get("household", ()))),
            "ok",
            say("Take the import back"),
            partial(self._undo, change.act),
        )

    def _undo(self, act: str) -> None:
        try:
            change = self._context.desk.history.undo(act)
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return
        self._context.tell_change(change, self)
        self._context.messages.tell(say("The import is taken back."), "ok")

    def _on_rejects(self) -> None:
        preview, file = self._preview, self._file
        if preview is None or file is None:
            return
        target = self._context.messages.save_file(
            say("Save the rejected rows"), tr("{file} not taken", file=file.stem) + ".xlsx", "Excel (*.xlsx)"
        )
        if target is not None:
            try:
                self._context.desk.rosters.write_rejects(preview, target)
            except VillageDeskError as error:
                self._context.messages.tell_error(error)
                return
            self._context.messages.tell(
                say("Saved as “{file}”. Mend the rows there and import it again.", file=target.name), "ok"
            )


def _diff_columns() -> Sequence[Column[DiffLine]]:
    return (
        Column(say("Household number"), lambda line: line.no, 10),
        Column(say("Person"), lambda line: line.name, 8),
        Column(say("Field"), lambda line: line.field, 12),
        Column(say("Now"), lambda line: line.old, 16, tone=lambda _: "muted"),
        Column(say("After the import"), lambda line: line.new, 16),
    )


def _reject_columns() -> Sequence[Column[RejectLine]]:
    return (
        Column(say("Row"), lambda line: line.place, 10),
        Column(say("Column"), lambda line: line.column, 10),
        Column(say("Value"), lambda line: line.value, 12),
        Column(say("Why not, and what to do"), lambda line: line.reason, 40, tip=lambda line: line.reason),
    )


def _diff_lines(preview: ImportPreview, codes: Any) -> Iterator[DiffLine]:
    for household in preview.diff.new:
        if household.no not in preview.left_out:
            names = "、".join(str((one.member or {}).get("name", "")) for one in household.rows)
            yield DiffLine(household.no, names, tr("new household"), "", tr("{n} persons", n=len(household.rows)))
    for diff in preview.diff.changed:
        no = diff.household.no
        for field, (old, new) in diff.fields.items():
            yield DiffLine(no, "", label_of(field), value_word(field, old, codes), value_word(field, new, codes))
        for row_ in diff.new_members:
            yield DiffLine(no, str((row_.member or {}).get("name", "")), tr("new member"), "", "")
        for member in diff.changed_members:
            name = str((member.row.member or {}).get("name", ""))
            for field, (old, new) in member.fields.items():
                yield DiffLine(no, name, label_of(field), value_word(field, old, codes), value_word(field, new, codes))


def _reject_line(one: Any) -> RejectLine:
    return RejectLine(tr("{sheet} row {n}", sheet=one.sheet, n=one.row), one.column, one.value, str(one.reason))


def _notes(preview: ImportPreview) -> Iterator[str]:
    yield from (str(note) for note in preview.roster.notes)
    if preview.roster.unknown_columns:
        yield tr("Columns kept as they are: {columns}.", columns="、".join(preview.roster.unknown_columns))
    for heading, why in preview.roster.dropped_columns:
        yield f"{heading}: {why}"
    missing = preview.diff.missing_members
    if missing:
        names = "、".join(one.name for one in missing[:8])
        yield tr("{n} persons of the desk are not in the list and stay: {names} …", n=len(missing), names=names)
