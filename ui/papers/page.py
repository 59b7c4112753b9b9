"""Any paper of the desk: choose what, see it as it will be printed, print or save it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox

from ui.context import Context
from ui.page import Page, button, label, row
from ui.papers.output import PaperOutput
from ui.pdfview import PdfView
from ui.years import working_year, working_years
from villagedesk.text import say, tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from villagedesk.services.papers import Printed


class PapersPage(Page):
    """Kind, year and households on the left of the preview's head; the preview below."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Print papers"), tr("The preview is the very file that goes to the printer."))
        self._context = context
        self._subjects: tuple[str, ...] = ()
        self._households: tuple[str, ...] = ()
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Paper"))
        self._year = QComboBox()
        self._year.setAccessibleName(tr("Year"))
        for box in (self._kind, self._year):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._scope = label("", "hint")
        self._all = button(say("All households"), "", self._on_all, kind="link")
        self._save_all = button(say("Save each as a PDF"), "folder", self._on_save_all)
        self.view = PdfView()
        self._output = PaperOutput(self, context.jobs, context.messages, context.remembered)
        self._assemble()
        self._kind.activated.connect(self._ask)
        self._year.activated.connect(self._ask)
        self.view.print_wanted.connect(self._on_print)
        self.view.save_wanted.connect(self._on_save)

    def show_place(self, **place: Any) -> None:
        """Show ``kind`` for ``household_id`` (all without) and ``year``."""
        if not self._kind.count():
            for paper in self._context.desk.papers.kinds():
                self._kind.addItem(paper.title, paper.key)
        self._kind.setCurrentIndex(max(0, self._kind.findData(place.get("kind", self._kind.currentData()))))
        self._households = (place["household_id"],) if place.get("household_id") else ()
        if not self._year.count():
            for year in working_years(self._context.desk):
                self._year.addItem(str(year), year)
        self._year.setCurrentIndex(max(0, self._year.findData(place.get("year") or working_year(self._context.desk))))
        self._ask()

    @property
    def kind(self) -> str:
        """The kind of paper chosen."""
        return str(self._kind.currentData())

    def _assemble(self) -> None:
        self.column.addLayout(row(self._kind, self._year, self._scope, self._all, self._save_all))
        self.column.addWidget(self.view, 1)

    def _ask(self) -> None:
        papers = self._context.desk.papers
        self._subjects = papers.subjects(self.kind, self._year.currentData(), self._households)
        self._all.setVisible(bool(self._households))
        self._save_all.setVisible(len(self._subjects) > 1)
        self.view.show_pdf(b"")
        if not self._subjects:
            self._scope.setText(tr("Nothing to print: no record of this year fits this paper."))
            return
        self._scope.setText(
            tr("{n} papers; the first is shown", n=len(self._subjects)) if len(self._subjects) > 1 else ""
        )
        kind, first = self.kind, self._subjects[:1]
        self._context.jobs.store(say("Preview"), lambda step: papers.preview(kind, first, step), self._on_preview)

    def _on_preview(self, rendered: Any) -> None:
        self.view.show_pdf(rendered.pdf)

    def _on_all(self) -> None:
        self._households = ()
        self._ask()

    def _on_print(self) -> None:
        kind, subjects = self.kind, self._subjects
        self._context.jobs.store(
            say("Making the papers"), lambda step: self._volume(kind, subjects, step), self._on_volume
        )

    def _volume(self, kind: str, subjects: Sequence[str], step: Step) -> Any:
        papers = self._context.desk.papers
        papers.print(kind, subjects, tr("printed"), step)
        return papers.preview(kind, subjects, step)

    def _on_volume(self, rendered: Any) -> None:
        self._output.print(rendered.pdf, rendered.pages)

    def _on_save(self) -> None:
        kind, subjects = self.kind, self._subjects
        self._context.jobs.store(
            say("Making the papers"), lambda step: self._volume(kind, subjects, step), self._on_file
        )

    def _on_file(self, rendered: Any) -> None:
        self._output.save(rendered.pdf, f"{self._kind.currentText()}-{self._year.currentData()}")

    def _on_save_all(self) -> None:
        folder = self._context.messages.pick_folder(say("Into which folder?"))
        if folder is not None:
            self._folder = folder
            kind, subjects, papers = self.kind, self._subjects, self._context.desk.papers
            self._context.jobs.store(
                say("Making the papers"),
                lambda step: papers.print(kind, subjects, tr("saved as PDF"), step),
                self._on_files,
            )

    def _on_files(self, printed: Sequence[Printed]) -> None:
        title = self._kind.currentText()
        self._output.save_all(
            self._folder, [(f"{title}-{n:03d}", one.rendered.pdf) for n, one in enumerate(printed, 1)]
        )
