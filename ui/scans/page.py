"""The pile of scans: drop it here, look at each sheet beside its signers' places, file by hand the unreadable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.beside import split
from ui.context import Context
from ui.page import Page, button, label
from ui.scans.by_hand import ByHand
from ui.scans.confirm import ConfirmSheet
from ui.scans.picture import PagePicture
from ui.scans.words import kind_word
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.errors import VillageDeskError
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.services.scan_filing import ScanResult, ScanRow
    from villagedesk.values import Step

KINDS = "*.pdf *.jpg *.jpeg *.png *.tif *.tiff"
_STANDS = {
    "tray": say("by hand"),
    "waiting": say("to be looked at"),
    "filed": say("filed"),
    "confirmed": say("confirmed"),
}
_TONES = {"tray": "problem", "waiting": "warn", "confirmed": "ok", "filed": "muted"}


class ScansPage(Page):
    """The list of pages on the left; the page and what is asked of it on the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Signed papers back in"), tr("The ink on the paper counts. A person looks at every signature.")
        )
        self._context = context
        self._rows: tuple[ScanRow, ...] = ()
        self._shown = ""
        self._left = 0
        self.model = PagedTable[Any](_columns(), self)
        self.table = TableView(self.model, tr("Scanned pages"))
        self.picture = PagePicture()
        self.sheet = ConfirmSheet(context)
        self.by_hand = ByHand(context)
        self._about = label("", "heading", wrap=True)
        self._said = label("", "hint", wrap=True)
        self._forms, self._body = Sheets(), Sheets()
        self.setAcceptDrops(True)
        self._assemble()
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.sheet.confirm_wanted.connect(self._on_confirm)
        self.sheet.back_wanted.connect(self._on_back)
        self.by_hand.file_wanted.connect(self._on_file)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the pile; ``files`` takes a pile in, ``attachment_id`` opens one page."""
        self._shown = place.get("attachment_id", self._shown)
        self._ask()
        if place.get("files"):
            self.take_in([Path(file) for file in place["files"]])

    def take_in(self, files: Sequence[Path]) -> None:
        """Read a pile of scans and photographs; a file that is no scan stops none of the others."""
        scans = self._context.desk.scans

        def work(step: Step) -> tuple[Sequence[ScanResult], Sequence[VillageDeskError]]:
            found: list[ScanResult] = []
            refused: list[VillageDeskError] = []
            for done, file in enumerate(files):
                step(done, len(files))
                try:
                    found += scans.file(file, tr("scanned"))
                except VillageDeskError as error:
                    refused.append(error)
            return found, refused

        self._context.jobs.store(say("Reading the scans"), work, self._on_taken)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the dropped pile in."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.take_in(files)

    def _assemble(self) -> None:
        self.add_button(button(say("Sort the tray again"), "redo", self._on_sort))
        self.add_button(button(say("Take in scans"), "import", self._on_choose, kind="primary"))
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addWidget(self._about)
        column.addWidget(self._said)
        for form in (self.sheet, self.by_hand):
            self._forms.addWidget(form)
        column.addWidget(self._forms, 1)
        side.setMinimumWidth(style.letters() * 22)
        three = split((self.table, 24), (self.picture, 22), (side, 32))
        empty = EmptyState(
            tr(
                "Scan or photograph the signed sheets in one pile and drop the files here: PDF, JPEG, PNG or TIFF. "
                "Each page finds its household by the codes in its corners, even upside down."
            ),
            button(say("Choose the scans"), "folder", self._on_choose, kind="primary"),
        )
        self._body.addWidget(three)
        self._body.addWidget(empty)
        self.column.addWidget(self._body, 1)

    def _ask(self) -> None:
        self._rows = self._context.desk.scans.rows()
        self.model.show_rows(self._rows)
        self._body.setCurrentIndex(0 if self._rows else 1)
        if self._rows:
            number = next((n for n, each in enumerate(self._rows) if each.scan.id == self._shown), 0)
            self.table.selectRow(number)

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        shown = self.model.row(current.row()) if current.isValid() else None
        if shown is None:
            return
        self._shown = shown.scan.id
        self._about.setText(_title(shown))
        self._said.setText("")
        self._forms.setCurrentIndex(0 if shown.kind == "exit" else 1)
        self.picture.show_page(b"")
        scans, scan_id = self._context.desk.scans, shown.scan.id
        self._context.jobs.store(say("Opening the page"), lambda _step: (scan_id, scans.show(scan_id)), self._on_shown)

    def _on_shown(self, answer: tuple[str, tuple[ScanResult, bytes]]) -> None:
        scan_id, (result, page) = answer
        shown = next((each for each in self._rows if each.scan.id == scan_id), None)
        if scan_id != self._shown or shown is None:
            return
        self.picture.show_page(page)
        self._said.setText(str(result.problem) if result.problem else _outcome(result))
        if shown.kind == "exit":
            self.sheet.show_sheet(shown, result)
        else:
            self.by_hand.show_page(shown)

    def _on_taken(self, answer: tuple[Sequence[ScanResult], Sequence[VillageDeskError]]) -> None:
        found, refused = answer
        tray = sum(not each.subject_id for each in found)
        if found:
            self._shown = next((each.attachment_id for each in found if each.cells), found[0].attachment_id)
        self._ask()
        self._context.tell_change(None, self)
        text = say(
            "{n} {n:page|pages} taken in; {tray} of them {tray:waits|wait} to be filed by hand.",
            n=len(found),
            tray=tray,
        )
        if refused:
            text = say("{text} Not read: {why}", text=text, why=str(refused[0]))
        self._context.messages.tell(text, "warn" if refused or tray else "ok")

    def _on_choose(self) -> None:
        files = self._context.messages.open_files(say("Choose the scans"), f"{tr('Scans and photographs')} ({KINDS})")
        if files:
            self.take_in(files)

    def _on_sort(self) -> None:
        scans = self._context.desk.scans
        self._context.jobs.store(
            say("Sorting again"), lambda _step: scans.sort_again(tr("sorted again")), self._on_sorted
        )

    def _on_sorted(self, found: Sequence[ScanResult]) -> None:
        self._ask()
        self._context.messages.tell(
            say("{n} {n:page|pages} {n:found its|found their} record.", n=len(found)), "ok" if found else "info"
        )

    def _on_confirm(self) -> None:
        shown, sheet = self._shown, self.sheet
        if self._do(
            say("Confirmed."),
            lambda desk: desk.scans.confirm(shown, sheet.marks, sheet.looked_by, tr("looked at the scan")),
        ):
            self._next()

    def _on_file(self) -> None:
        shown, subject = self._shown, self.by_hand.subject
        self._do(say("Filed."), lambda desk: desk.scans.file_by_hand(shown, subject, tr("filed by hand")))

    def _on_back(self) -> None:
        shown = self._shown
        self._do(
            say("Back in the tray. Say whose page it is."),
            lambda desk: desk.scans.file_by_hand(shown, "", tr("not this household's sheet")),
        )

    def _next(self) -> None:
        """On to the next page that waits."""
        waiting = next((each for each in self._rows if each.stands == "waiting"), None)
        if waiting is not None:
            self._shown = waiting.scan.id
            self._ask()

    def _do(self, done: Text, verb: Callable[[Any], Any]) -> bool:
        try:
            change = verb(self._context.desk)
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return False
        self._ask()
        self._context.tell_change(change, self)
        self._context.messages.tell(done, "ok")
        return True

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._ask()


def _title(shown: ScanRow) -> str:
    household = shown.household
    if household is None:
        return shown.scan.title
    name = household.head.name if household.head else household.no
    return tr("{name}, {group}: {paper}", name=name, group=household.group, paper=kind_word(shown.kind, shown.year))


def _outcome(result: ScanResult) -> str:
    empty = sum(cell.ink == "empty" for cell in result.cells)
    unsure = sum(cell.ink == "unsure" for cell in result.cells)
    if not result.cells:
        return tr("The places of the signers could not be cut out. Look at the whole page.")
    if empty or unsure:
        return tr(
            "{empty} {empty:place is|places are} empty, {unsure} cannot be told. Look closely.",
            empty=empty,
            unsure=unsure,
        )
    return tr("Something is written in every place. Compare it with the names.")


def _columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Where it stands"), lambda r: str(_STANDS[r.stands]), 6, tone=lambda r: _TONES[r.stands]),
        Column(say("Household"), _whose, 9, tip=_whose),
        Column(say("Paper"), lambda r: kind_word(r.kind, r.year) or r.scan.title, 8, tip=lambda r: r.scan.title),
    )


def _whose(shown: ScanRow) -> str:
    household = shown.household
    return "—" if household is None else f"{household.head.name if household.head else household.no} {household.group}"
