"""Notices: the list on the left, the chosen one with its next step and its true preview on the right."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ui import style
from ui.asking import Deed, Reading
from ui.beside import split
from ui.context import Context
from ui.fields.choices import Option
from ui.households.editors import options
from ui.notices.calendar import NoticeCalendar
from ui.notices.objections import ObjectionsCard
from ui.notices.steps import NoticeSteps
from ui.notices.words import state_word
from ui.page import Page, button, label
from ui.papers.output import PaperOutput
from ui.pdfview import PdfView
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft, PaperDraft
from villagedesk.errors import VillageDeskError
from villagedesk.services.notice_kinds import notice_of_kind
from villagedesk.services.notices import NoticeRow
from villagedesk.text import say, tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.drafts.household import HouseholdDraft

_LIST, _EMPTY, _CALENDAR = range(3)
_PREVIEW = 16  # letters of height below which a preview tells nothing


class NoticesPage(Page):
    """Every notice from draft to result."""

    def __init__(self, context: Context) -> None:
        super().__init__(str(context.desk.profile.terms.notice))
        self._context = context
        self._rows: tuple[NoticeRow, ...] = ()
        self._shown = ""
        self._reading = Reading(context, context.desk.profile.terms.notice, self)
        self._beside = Reading(context, context.desk.profile.terms.notice, self)
        self._reading.answered.connect(self._on_read)
        self._beside.answered.connect(self._on_beside)
        self._deed = Deed(context, self)
        self.model = PagedTable[NoticeRow](_columns(), self)
        self.table = TableView(self.model, context.desk.profile.terms.notice)
        self.view = PdfView()
        self.steps = NoticeSteps(context.desk.site.today)
        channels = options(context.desk.profile.codes, "concern_channel")
        self.objections = ObjectionsCard(context.desk.site.today, channels)
        self.calendar = NoticeCalendar()
        self._turn = button(say("Calendar"), "today", self._on_turn)
        self._said = label("", "problem", wrap=True)
        self._behind = label("", tone="warn", wrap=True)
        self._body = Sheets()
        self._output = PaperOutput(self, context.jobs, context.messages, context.remembered)
        self._kinds = QComboBox()
        self._kinds.setAccessibleName(tr("Kind of notice"))
        for key, title in context.desk.posting.kinds().items():
            self._kinds.addItem(title, key)
        self.add_button(self._kinds)
        self.add_button(button(say("Draft it from the records"), "add", self._on_draft))
        self._assemble()
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.steps.verb_wanted.connect(self._do)
        self.objections.verb_wanted.connect(self._do)
        self.steps.take_wanted.connect(self._on_take)
        self.calendar.chosen.connect(self._on_chosen)
        self.view.print_wanted.connect(self._on_print)
        self.view.save_wanted.connect(self._on_save)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the notices; ``draft_for`` (records of ``kind``, exit cases without) and ``year`` draft a new one."""
        if place.get("draft_for"):
            kind, year, cases = place.get("kind", "exit"), place["year"], place["draft_for"]
            self._shown = ""
            self._do(lambda desk: desk.notices.draft(kind, year, cases, tr("notice of {year}", year=year)))
            return
        if place.get("notice_id"):
            self._shown = place["notice_id"]
        self._ask()

    @property
    def notice(self) -> NoticeRow | None:
        """The notice under the cursor."""
        found = self.table.current_row()
        return found if isinstance(found, NoticeRow) else None

    def _assemble(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addWidget(self.steps)
        column.addWidget(self._behind)
        column.addWidget(self.objections)
        column.addWidget(self._said)
        self.view.setMinimumHeight(style.letters() * _PREVIEW)
        column.addWidget(self.view, 1)
        both = split((self.table, 24), (right, 60))
        empty = EmptyState(
            tr("No notice yet. Under Exits, “Draft the notice” takes every household with nothing in the way."),
            button(say("Go to the exits"), "exits", self._on_exits, kind="primary"),
        )
        for part in (both, empty, self.calendar):
            self._body.addWidget(part)
        self.add_button(self._turn)
        self.column.addWidget(self._body, 1)

    def _ask(self) -> None:
        self._reading.ask(self._context.desk.notices.all)

    def _on_read(self, rows: tuple[NoticeRow, ...]) -> None:
        self._rows = rows
        self.model.show_rows(self._rows)
        self.calendar.show_rows(self._rows, self._context.desk.site.today())
        self._turn.setVisible(bool(self._rows))
        self._show_part(_LIST if self._rows else _EMPTY)
        if self._rows:
            number = next((n for n, row in enumerate(self._rows) if row.notice.id == self._shown), 0)
            self.table.selectRow(number)

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self.model.row(current.row()) if current.isValid() else None
        if row is None:
            return
        self._shown = row.notice.id
        self.steps.show_notice(row)
        self._beside.ask(partial(_beside, self._context.desk, row.notice))
        self._preview(row.notice)

    def _on_beside(self, beside: _Beside) -> None:
        """What stands beside the notice, unless the cursor has left it meanwhile."""
        if beside.notice.id == self._shown:
            self.steps.show_photos(beside.photos)
            self.objections.show_notice(beside.notice, beside.objections, beside.cases, beside.late)
            self._show_behind(beside.left)

    def _show_behind(self, homes: Sequence[HouseholdDraft]) -> None:
        """Name those on the board whose case did not go along; what bars them stands with their case."""
        names = "、".join(home.head.name if home.head else home.no for home in homes)
        self._behind.setVisible(bool(homes))
        self._behind.setText(tr("On the board, but the case did not go along: {names}. Look there what bars it, "
                                "or take the notice down.", names=names))  # fmt: skip

    def _on_take(self, verb: str) -> None:
        row = self.notice
        if row is None:
            return
        if verb == "photo":
            self._on_photo(row.notice)
            return
        if verb == "file":
            self._do(lambda desk: desk.notices.file(row.notice.id, tr("taken down and filed")))
            return
        if verb == "renew":
            ids = self._context.desk.posting.waiting(row.notice.kind, self._context.desk.site.today().year)
            self._do(lambda desk: desk.notices.renew(row.notice.id, ids, tr("the list as it is now")))
            return
        reason = self._context.messages.ask_line(say("Why is the notice withdrawn?"))
        if reason:
            self._do(lambda desk: desk.notices.withdraw(row.notice.id, reason))

    def _on_photo(self, notice: NoticeDraft) -> None:
        kinds = f"{tr('Photographs')} (*.jpg *.jpeg *.png *.webp *.tif *.pdf)"
        file = self._context.messages.open_file(say("Photograph of the hanging notice"), kinds)
        if file is not None:
            title = tr("photograph of the notice {no}", no=notice.no)
            self._do(lambda desk: desk.evidence.attach(notice.id, "", file, title))

    def _on_turn(self) -> None:
        self._show_part(_LIST if self._body.currentIndex() == _CALENDAR else _CALENDAR)

    def _show_part(self, part: int) -> None:
        self._body.setCurrentIndex(part)
        self._turn.setText(tr("Back to the list") if part == _CALENDAR else tr("Calendar"))

    def _on_chosen(self, notice_id: str) -> None:
        self._shown = notice_id
        self._ask()

    def _preview(self, notice: NoticeDraft) -> None:
        self.view.show_pdf(b"")
        self.steps.show_check(None)
        if notice.starts_on is None:
            self._said.setText("")
            return
        papers = self._context.desk.papers

        def work(step: Step) -> tuple[str, Any]:
            printed = _notices_of(notice, papers.printed(notice.id))
            hangs = notice.posted_on is not None and printed
            paper = notice_of_kind(notice.kind).paper
            return notice.id, papers.reprint(printed[-1].id) if hangs else papers.preview(paper, [notice.id], step)

        self._context.jobs.store(say("Preview"), work, self._on_preview, self._on_refused)

    def _on_preview(self, answer: tuple[str, Any]) -> None:
        notice_id, rendered = answer
        if notice_id == self._shown:
            self._said.setText("")
            self.steps.show_check(True)
            self.view.show_pdf(rendered.pdf)

    def _on_refused(self, error: Exception) -> None:
        self.steps.show_check(False)
        self._said.setText(str(error) if isinstance(error, VillageDeskError) else "")
        if not isinstance(error, VillageDeskError):
            self._context.messages.tell_error(error)

    def _on_print(self) -> None:
        self._make(self._on_made_for_printer)

    def _on_save(self) -> None:
        self._make(self._on_made_for_file)

    def _make(self, done: Callable[[Any], object]) -> None:
        row, papers = self.notice, self._context.desk.papers
        if row is None:
            return
        notice = row.notice

        def work(step: Step) -> Any:
            if notice.posted_on is None:
                paper = notice_of_kind(notice.kind).paper
                return papers.print(paper, [notice.id], tr("printed for the board"), step)[0].rendered
            return papers.reprint(_notices_of(notice, papers.printed(notice.id))[-1].id)

        self._context.jobs.store(say("Making the paper"), work, done)

    def _on_made_for_printer(self, rendered: Any) -> None:
        self._output.print(rendered.pdf, rendered.pages)
        self._after_printing()

    def _on_made_for_file(self, rendered: Any) -> None:
        row = self.notice
        self._output.save(rendered.pdf, tr("notice {no}", no=row.notice.no if row else ""))
        self._after_printing()

    def _after_printing(self) -> None:
        self._context.tell_change(None, self)
        self._ask()

    def _on_draft(self) -> None:
        desk, kind = self._context.desk, str(self._kinds.currentData())
        year = next(iter(desk.overview.years()))
        ids = desk.posting.waiting(kind, year)
        if not ids:
            text = say(
                "Nothing of {year} waits for this notice: all of it is posted, or nothing is entered.", year=year
            )
            self._context.messages.tell(text, "warn")
            return
        self._shown = ""
        self._do(lambda _: desk.notices.draft(kind, year, ids, tr("notice of {year}", year=year)))

    def _on_exits(self) -> None:
        self._context.navigator.go("exits")

    def _do(self, verb: Callable[[Any], Any]) -> None:
        desk = self._context.desk
        self._deed.do(self._context.desk.profile.terms.notice, lambda _step: verb(desk), self._on_done)

    def _on_done(self, change: Any) -> None:
        self._context.messages.tell(say("Saved."), "ok")
        self._context.tell_change(change, self)
        self._ask()

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._ask()


@dataclass(frozen=True)
class _Beside:
    """What is kept of a notice beside the notice itself."""

    notice: NoticeDraft
    photos: int
    objections: Sequence[ObjectionDraft]
    cases: Sequence[Option]
    left: Sequence[HouseholdDraft]
    late: Container[str]


def _beside(desk: Desk, notice: NoticeDraft) -> _Beside:
    homes = desk.notices.households(notice.id)
    cases = [Option(key, f"{h.group} {h.head.name if h.head else h.no}") for key, h in homes.items()]
    photos = len(desk.evidence.of(notice.id))
    return _Beside(notice, photos, desk.notices.objections(notice.id), cases, desk.notices.left_behind(notice.id),
                   desk.objections.late())  # fmt: skip


def _notices_of(notice: NoticeDraft, papers: Sequence[PaperDraft]) -> list[PaperDraft]:
    return [paper for paper in papers if paper.kind == notice_of_kind(notice.kind).paper]


def _columns() -> Sequence[Column[NoticeRow]]:
    return (
        Column(say("No."), lambda row: row.notice.no, 6),
        Column(say("State"), state_word, 7, tone=lambda row: "problem" if row.open_objections else ""),
        Column(say("Notice"), lambda row: row.title, 10, tip=lambda row: row.title),
    )
