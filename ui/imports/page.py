"""A roster in: choose the file, see what it would change, accept, and take it back in one step if it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ui.context import Context
from ui.fields.flow import Flow
from ui.households.words import label_of
from ui.imports.columns import ColumnsDialog
from ui.imports.lines import DiffLine, RejectLine, diff_lines, notes_of, reject_columns, reject_line
from ui.imports.words import WordsDialog
from ui.page import Page, button, label, let_go, set_tone
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.tight import TightTabs
from ui.undoing import take_back
from villagedesk.errors import Refused, Unreadable, VillageDeskError
from villagedesk.services.roster_reading import Reading, RosterLook
from villagedesk.text import say, tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from villagedesk.services.rosters import ImportPreview, Place

KINDS = "*.xlsx *.xls *.csv"


@dataclass(frozen=True)
class Seen:
    """What an import would do, and its lines."""

    preview: ImportPreview
    lines: tuple[DiffLine, ...]


class ImportPage(Page):
    """File → what it would do → done."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Import a roster"), tr("Nothing is written before you accept it, and one step takes it all back.")
        )
        self._context = context
        self._file: Path | None = None
        self._preview: ImportPreview | None = None
        self._reading: Reading | None = None
        self._left: set[str | Place] = set()  # household numbers and places that are not to be taken
        self._counts = [label("", badge=True) for _ in range(4)]
        self._notes = label("", "hint", wrap=True)
        self.changes = PagedTable[DiffLine](self._diff_columns(), self)
        self._lines: tuple[DiffLine, ...] = ()
        self.rejects = PagedTable[RejectLine](reject_columns(), self)
        self._tabs = TightTabs()
        self._body = Sheets()
        self._accept = button(say("Import"), "import", self._on_accept, kind="primary")
        self._columns = button(say("Columns of the file"), "width", self._on_columns)
        self._words = button(say("Unknown words"), "unknown", self._on_words)
        self._toggle = button(say("Leave out or take"), "remove", self._on_toggle, key="Ctrl+D")
        self._rejects = button(say("Save the rejected rows"), "export", self._on_rejects)
        self.setAcceptDrops(True)
        self._assemble()

    def show_place(self, **place: Any) -> None:
        """Begin anew; ``file`` names the roster."""
        self._preview = None
        self._reading = None
        self._show()
        if place.get("file"):
            self.read(Path(place["file"]))

    def read(self, file: Path, reading: Reading | None = None) -> None:
        """Read a roster and hold it against the desk. Columns that are missing are asked for."""
        self._file = file
        self._reading = reading
        rosters = self._context.desk.rosters

        def work(step: Step) -> Seen | RosterLook:
            try:
                preview = rosters.preview(file, step=step, reading=reading)
                return Seen(preview, tuple(diff_lines(preview)))
            except (Refused, Unreadable):
                look = rosters.look(file, reading)
                names = [one.heading for one in look.columns]
                if not names or not look.missing or len(set(names)) < len(names):  # of two alike none can be chosen
                    raise
                return look

        self._context.jobs.store(say("Reading the roster"), work, self._on_read)

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
        counts = Flow()  # in English they do not stand in one row of a small screen
        for widget in (
            *self._counts, self._columns, self._words, self._toggle, choose, self._rejects, self._accept,
        ):  # fmt: skip
            counts.addWidget(widget)
        self._changes_view = TableView(self.changes, tr("Changes"))
        self._changes_view.opened.connect(lambda _row: self._on_toggle())
        self._tabs.addTab(self._changes_view, tr("Changes"))
        self._tabs.addTab(TableView(self.rejects, tr("Not taken")), tr("Not taken"))
        self._choose = button(say("Choose the file"), "folder", self._on_choose, kind="primary")
        empty = EmptyState(
            tr(
                "Choose last year's list as it came: Excel or CSV, the 26 or 47 columns of the state system, "
                "in any order. Or drop the file here."
            ),
            self._choose,
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
        self._lead_to(self._choose if preview is None else self._accept)
        let_go(self)
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
        self.changes.show_rows(self._lines)
        self._words.setVisible(bool(preview.unknown_words))
        self.rejects.show_rows([reject_line(one) for one in preview.rejected])
        self._tabs.setTabText(1, tr("Not taken ({n})", n=len(preview.rejected)))
        self._tabs.setTabText(0, tr("Changes ({n})", n=self.changes.rowCount()))
        notes = "\n".join(notes_of(preview))
        self._notes.setText(notes)
        self._notes.setVisible(bool(notes))

    def _lead_to(self, following: QPushButton) -> None:
        """What is pressed next has the cursor, unless the user is elsewhere."""
        self.first = following
        here = QApplication.focusWidget()
        if self.isVisible() and (here is None or self.isAncestorOf(here)):
            QTimer.singleShot(0, self, self._go_there)  # once it is to be seen

    def _go_there(self) -> None:
        if self.isVisible() and self.first is not None:
            self.first.setFocus()

    def _diff_columns(self) -> Sequence[Column[DiffLine]]:
        codes = self._context.desk.profile.codes
        return (
            Column(
                say("Taken"),
                lambda line: tr("yes") if self._takes(line) else tr("left out"),
                6,
                tone=lambda line: "" if self._takes(line) else "warn",
            ),
            Column(say("Household number"), lambda line: line.no, 10),
            Column(say("Person"), lambda line: line.name, 8),
            Column(say("Field"), lambda line: label_of(line.field), 12),
            Column(say("Now"), lambda line: line.said(line.old, codes), 16, tone=lambda _: "muted"),
            Column(say("After the import"), lambda line: line.said(line.new, codes), 16),
        )

    def _show_counts(self, preview: ImportPreview) -> None:
        houses, people = preview.households, preview.members
        said = (
            (tr("New: {n} {n:household|households}, {m} {m:person|persons}", n=houses["new"], m=people["new"]), "ok"),
            (
                tr(
                    "Changed: {n} {n:household|households}, {m} {m:person|persons}",
                    n=houses["changed"],
                    m=people["changed"],
                ),
                "warn",
            ),
            (tr("Unchanged: {n}", n=houses["unchanged"]), ""),
            (tr("Not taken: {n} {n:row|rows}", n=people["rejected"]), "problem" if preview.rejected else ""),
        )
        for mark, (text, tone) in zip(self._counts, said, strict=True):
            mark.setText(text)
            set_tone(mark, tone)
        work = houses["new"] + houses["changed"]
        self._accept.setText(tr("Import {n} {n:household|households}", n=work))
        self._accept.setEnabled(work > 0)
        self._rejects.setVisible(bool(preview.rejected))

    def _on_choose(self) -> None:
        file = self._context.messages.open_file(say("Choose the roster"), f"{tr('Rosters')} ({KINDS})")
        if file is not None:
            self.read(file)

    def _on_read(self, found: Seen | RosterLook) -> None:
        if isinstance(found, RosterLook):
            self._ask_columns(found)
            return
        self._preview, self._lines = found.preview, found.lines
        self._left.clear()
        self._show()

    def _on_columns(self) -> None:
        if self._file is not None:
            file, reading, rosters = self._file, self._reading, self._context.desk.rosters
            self._context.jobs.store(
                say("Reading the roster"), lambda _step: rosters.look(file, reading), self._ask_columns
            )

    def _ask_columns(self, look: RosterLook) -> None:
        dialog = ColumnsDialog(look, self._context.desk.rosters.field_choices(), self)
        if self._file is not None and self._context.messages.show_dialog(dialog):
            self._read_as(look.source, dialog.reading)

    def _on_words(self) -> None:
        if self._file is None or self._preview is None:
            return
        look = self._context.desk.rosters.look(self._file, self._reading)
        dialog = WordsDialog(self._preview.unknown_words, self._context.desk.profile.codes, self)
        if self._context.messages.show_dialog(dialog):
            self._read_as(look.source, dialog.added_to(look.reading))

    def _read_as(self, source: str, reading: Reading) -> None:
        if self._file is not None:
            self._context.desk.rosters.keep_reading(source, reading)
            self.read(self._file, reading)

    def _on_toggle(self) -> None:
        line = self._changes_view.current_row()
        if line is not None:
            self._left ^= {line.place or line.no}
            self.changes.show_same(self._lines)

    def _takes(self, line: DiffLine) -> bool:
        return line.no not in self._left and line.place not in self._left

    def _on_accept(self) -> None:
        preview, file, rosters = self._preview, self._file, self._context.desk.rosters
        if preview is not None and file is not None:
            self._accept.setEnabled(False)
            reason = tr("roster {file}", file=file.name)
            skip = {one for one in self._left if isinstance(one, str)}
            leave = {one for one in self._left if not isinstance(one, str)}
            self._context.jobs.store(
                say("Importing"),
                lambda step: rosters.take(preview, reason, skip=skip, leave=leave, step=step),
                self._on_taken,
            )

    def _on_taken(self, change: Any) -> None:
        self._preview = None
        self._show()
        # A job of its own: the import is safe already, and may be taken back whether or not this one ends well.
        self._context.jobs.store(say("Preparing the search"), self._context.desk.lists.pay_search)
        self._context.tell_change(change, self)
        self._context.navigator.go("households")
        self._context.messages.tell(
            say("Imported: {n} {n:household|households}.", n=len(change.records.get("household", ()))),
            "ok",
            say("Take the import back"),
            partial(self._undo, change.act),
        )

    def _undo(self, act: str) -> None:
        take_back(self._context, act, self._show, self, say("The import is taken back."))

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
