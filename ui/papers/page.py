"""Any paper of the desk: choose what, see it as it will be printed, print or save it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox

from ui.asking import Reading
from ui.context import Context
from ui.forms import attempt
from ui.page import Page, button, label, row
from ui.papers.batch import Batch
from ui.papers.changed import ChangedCard
from ui.papers.looks import LookBar
from ui.papers.output import PaperOutput
from ui.papers.own import OwnPapersCard
from ui.pdfview import PdfView
from ui.years import working_year, working_years
from villagedesk.errors import VillageDeskError
from villagedesk.text import Text, say, tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.services.paper_making import Language

_AUDIENCES: tuple[tuple[str, Text], ...] = (
    ("public", say("For the board")), ("household", say("For the household")), ("office", say("For the file")),
)  # fmt: skip


_FIRST = "household_file"
"""What is shown before anybody chose: every desk with a household has it."""


class PapersPage(Page):
    """Kind, year, households and look above the preview."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Print papers"), tr("The preview is the very file that goes to the printer."))
        self._context = context
        self._reading, self._opening = (Reading(context, say("Papers"), self) for _ in range(2))
        self._place: Mapping[str, Any] = {}
        self._subjects: tuple[str, ...] = ()
        self._households: tuple[str, ...] = ()
        self._batch: Batch | None = None
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Paper"))
        self._kind.setMaxVisibleItems(30)
        self._year = QComboBox()
        self._year.setAccessibleName(tr("Year"))
        for box in (self._kind, self._year):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._scope = label("", "hint", wrap=True)
        self._all = button(say("All households"), "", self._on_all, kind="link")
        self._save_all = button(say("Save each as a PDF"), "folder", self._on_save_all)
        self._table = button(say("Save as a table"), "save", self._on_table)
        self._changes = button(say("What changed since printing"), "", self._on_changes)
        self._owned = button(say("Own papers"), "", self._on_own)
        self.own = OwnPapersCard()
        self.look = LookBar()
        self.changed = ChangedCard()
        self.view = PdfView()
        self._output = PaperOutput(self, context.jobs, context.messages, context.remembered)
        self._assemble()
        self._connect()

    def _assemble(self) -> None:
        self.column.addLayout(row(self._kind, self._year, self._scope, self._all, self._save_all, self._table,
                                  self._changes, self._owned))  # fmt: skip
        for widget in (self.look, self.changed, self.own):
            self.column.addWidget(widget)
        self.column.addWidget(self.view, 1)

    def _connect(self) -> None:
        self._reading.answered.connect(self._on_subjects)
        self._opening.answered.connect(self._on_opening)
        self._kind.activated.connect(self._on_kind)
        self._year.activated.connect(self._ask)
        self.look.changed.connect(self._ask)
        self.changed.reprint_wanted.connect(self._on_reprint)
        self.own.add_wanted.connect(self._on_own_add)
        self.own.text_wanted.connect(self._on_own_text)
        self.own.drop_wanted.connect(self._on_own_drop)
        self.view.print_wanted.connect(self._on_print)
        self.view.save_wanted.connect(self._on_save)

    def show_place(self, **place: Any) -> None:
        """Show ``kind`` for ``household_id`` (all without) and ``year``."""
        self._place = place
        papers = self._context.desk.papers
        if self._kind.count():
            self._show_wanted()
        else:
            self._opening.ask(lambda: (papers.kinds(), papers.languages()))

    def _on_opening(self, read: tuple[Sequence[Any], Sequence[Language]]) -> None:
        """Every template was read once: now there is something to choose from."""
        kinds, languages = read
        if not self._kind.count():
            self._fill_kinds(kinds)
            self.look.offer_languages(languages)
        self._show_wanted()

    def _show_wanted(self) -> None:
        place = self._place
        self._kind.setCurrentIndex(max(1, self._kind.findData(place.get("kind", self._kind.currentData() or _FIRST))))
        self._households = (place["household_id"],) if place.get("household_id") else ()
        if not self._year.count():
            for year in working_years(self._context.desk):
                self._year.addItem(str(year), year)
        self._year.setCurrentIndex(max(0, self._year.findData(place.get("year") or working_year(self._context.desk))))
        self._on_kind()

    @property
    def kind(self) -> str:
        """The kind of paper chosen."""
        return str(self._kind.currentData())

    @property
    def year(self) -> int:
        """The year chosen."""
        return int(self._year.currentData())

    def _fill_kinds(self, kinds: Sequence[Any]) -> None:
        """Every kind under whom it is for; the headings cannot be chosen."""
        for audience, words in _AUDIENCES:
            self._kind.addItem(str(words))
            heading: Any = self._kind.model()
            heading.item(self._kind.count() - 1).setEnabled(False)
            for paper in kinds:
                if paper.audience == audience:
                    self._kind.addItem(f"　{paper.title}", paper.key)

    def _on_kind(self) -> None:
        able = self._context.desk.papers.able(self.kind)
        self.look.offer(able)
        self._table.setVisible("table" in able)
        self.changed.hide()
        self._ask()

    @property
    def _empty(self) -> bool:
        return bool(self.look.look.get("by_hand"))

    def _ask(self) -> None:
        self._reading.ask(partial(self._context.desk.papers.subjects, self.kind, self.year, self._households))

    def _on_subjects(self, subjects: tuple[str, ...]) -> None:
        papers, kind, look = self._context.desk.papers, self.kind, self._context.desk.papers.look(**self.look.look)
        self._subjects = subjects
        several = len(self._subjects) > 1 and not self._empty
        self._all.setVisible(bool(self._households))
        self._save_all.setVisible(several)
        self.view.show_pdf(b"")
        if self._empty:
            self._scope.setText("")
            self._context.jobs.store(say("Preview"), lambda _step: papers.by_hand(kind, look), self._on_preview)
            return
        if not self._subjects:
            self._scope.setText(
                tr("Nothing to print: no record of this year fits this paper. Choose another paper or year.")
            )
            return
        self._scope.setText(tr("{n} {n:paper|papers}; the first is shown", n=len(self._subjects)) if several else "")
        first = self._subjects[:1]
        self._context.jobs.store(
            say("Preview"), lambda step: papers.preview(kind, first, step, look), self._on_preview, self._on_refused
        )

    def _on_preview(self, rendered: Any) -> None:
        self.view.show_pdf(rendered.pdf)

    def _on_refused(self, error: Exception) -> None:
        if isinstance(error, VillageDeskError):
            self._scope.setText(str(error))
        else:
            self._context.messages.tell_error(error)

    def _on_all(self) -> None:
        self._households = ()
        self._ask()

    def _on_print(self) -> None:
        self._context.jobs.store(say("Making the papers"), self._volume(), self._on_volume)

    def _on_save(self) -> None:
        self._context.jobs.store(say("Making the papers"), self._volume(), self._on_file)

    def _volume(self) -> Any:
        """Work that registers the papers and gives all of them as one file."""
        papers, kind, subjects = self._context.desk.papers, self.kind, self._subjects
        look = papers.look(**self.look.look)
        if self._empty:
            return lambda _step: papers.by_hand(kind, look)

        return lambda step: papers.print_volume(kind, subjects, tr("printed"), step, look)

    def _on_volume(self, rendered: Any) -> None:
        self._output.print(rendered.pdf, rendered.pages)

    def _on_file(self, rendered: Any) -> None:
        self._output.save(rendered.pdf, f"{self._kind.currentText().strip()}-{self.year}")

    def _on_save_all(self) -> None:
        folder = self._context.messages.pick_folder(say("Into which folder?"))
        if folder is not None:
            papers = self._context.desk.papers
            look = papers.look(**self.look.look)
            self._batch = Batch(papers, self.kind, self.year, self._subjects, look, folder)
            self._go_on()

    def _go_on(self) -> None:
        if self._batch is not None:
            self._context.jobs.store(say("Making the papers"), self._batch.run, self._on_files, self._on_stopped)

    def _on_files(self, batch: Batch) -> None:
        text = say("{n} {n:paper|papers} saved in “{folder}”.", n=batch.total, folder=batch.folder.name)
        self._context.messages.tell(text, "ok")

    def _on_stopped(self, error: Exception) -> None:
        """Tell how far it came; what lies in the folder stays, and the rest can be made later."""
        batch = self._batch
        if batch is None or not isinstance(error, VillageDeskError):
            self._context.messages.tell_error(error)
            return
        text = tr(
            "{done} of {total} {total:paper is|papers are} saved. {why}",
            done=batch.done,
            total=batch.total,
            why=str(error),
        )
        self._context.messages.tell(text, "warn", say("Go on"), self._go_on)

    def _on_table(self) -> None:
        desk, kind, subjects, look = self._context.desk, self.kind, self._subjects, self.look.look
        name = desk.twins.file_name(kind, subjects[0] if subjects else "", self.year)
        path = self._context.messages.save_file(say("Save as a table"), name, f"{tr('Table')} (*.xlsx)")
        if path is not None and subjects:

            def work(step: Step) -> Path:
                desk.twins.write(path, kind, subjects, desk.papers.look(**look), step)
                return path

            self._context.jobs.store(say("Writing the table"), work, self._context.messages.tell_saved)

    def _on_own(self) -> None:
        self.own.show_papers(self._context.desk.own_papers.all())

    def _on_own_add(self) -> None:
        path = self._context.messages.open_file(say("Which paper file?"), "TOML (*.toml)")
        if path is not None:
            self._change_own(lambda desk: desk.own_papers.add(path, tr("taken from {file}", file=path.name)))

    def _on_own_text(self) -> None:
        text = self._context.desk.own_papers.text(self.kind)
        path = self._context.messages.save_file(say("Save the text"), f"{self.kind}.toml", "TOML (*.toml)")
        if path is not None:
            self._output.save_text(path, text)

    def _on_own_drop(self, key: str) -> None:
        self._change_own(lambda desk: desk.own_papers.drop(key, tr("back to the program's text")))

    def _change_own(self, verb: Callable[[Any], Any]) -> None:
        change = attempt(self._context.messages, lambda: verb(self._context.desk))
        if change is None:
            return
        self._context.messages.tell(say("Saved."), "ok")
        self._context.tell_change(change, self)
        kind = self.kind
        self._kind.clear()
        self._fill_kinds(self._context.desk.papers.kinds())
        self._kind.setCurrentIndex(max(1, self._kind.findData(kind)))
        self._on_own()
        self._on_kind()

    def _on_changes(self) -> None:
        papers, kind, year = self._context.desk.papers, self.kind, self.year
        self._context.jobs.store(
            say("Comparing the papers"), lambda step: papers.changed(kind, year, step), self._on_changed_found
        )

    def _on_changed_found(self, found: Sequence[Any]) -> None:
        self.changed.show_changed(found)

    def _on_reprint(self) -> None:
        papers, kind, year = self._context.desk.papers, self.kind, self.year
        self.changed.hide()
        self._context.jobs.store(
            say("Making the papers"),
            lambda step: papers.reprint_volume(kind, year, tr("printed anew after a change"), step),
            self._on_volume,
        )
