"""The exits of a year: one line a household with every criterion at a glance, the chosen case beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QComboBox, QMenu, QPushButton

from ui import style
from ui.asking import Deed, Reading
from ui.beside import split
from ui.context import Context
from ui.exits.case import CasePanel
from ui.exits.clockbar import ClockBar
from ui.exits.meeting import MeetingDialog
from ui.exits.paper_dialog import PaperDialog
from ui.exits.propose import ProposeDialog
from ui.exits.taking import open_steps, taking, tell_taken
from ui.icons import icon
from ui.page import Page, button, label, row
from ui.papers.output import PaperOutput
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.years import working_year, working_years
from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.policy.pack import Criterion
from villagedesk.policy.procedures import Step
from villagedesk.services.evaluations import Subject
from villagedesk.services.exits import ExitRow, Taken
from villagedesk.services.following import Ballot
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.services.evidence import EvidencePack

_LIST_PAPERS = (
    "exit_list", "evaluation_minutes", "signoff_sheet", "exit_notice", "notice_result", "no_objection", "exit_request",
    "exit_announcement", "exit_certificate",
)  # fmt: skip
"""What a list of exits prints, in the order of its steps."""

RESULT_SIGNS = {"met": ("ok", "ok"), "unmet": ("problem", "problem"), "unknown": ("unknown", "warn")}


class ExitsPage(Page):
    """The workbench of the year's exits."""

    def __init__(self, context: Context) -> None:
        terms = context.desk.profile.terms
        super().__init__(tr("{exit}: the list of the year", exit=terms.exit))
        self._context = context
        self._clock = ClockBar(context)
        self._reading = Reading(context, say("Exits"), self)
        self._deed = Deed(context, self)
        self._wanted = self._tab = ""
        self._rows: tuple[ExitRow, ...] = ()
        self._year = QComboBox()
        self._year.setAccessibleName(tr("Year"))
        self._count = label("", "hint")
        self._earlier = QCheckBox(tr("Earlier attempts too"))
        self.model = PagedTable[ExitRow](self._columns(), self)
        self.table = TableView(self.model, terms.planned_exit_household)
        self.case = CasePanel(context)
        self._body = Sheets()
        self._output = PaperOutput(self, context.jobs, context.messages, context.remembered)
        self._assemble()
        self._fill_years()
        self._reading.answered.connect(self._on_read)
        self._year.activated.connect(self._ask)
        self._earlier.toggled.connect(self._ask)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.case.changed.connect(self._ask)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the year's list, the cursor on ``household_id``."""
        self._wanted, self._tab = str(place.get("household_id") or ""), str(place.get("tab", ""))
        self._ask()

    @property
    def year(self) -> int:
        """The year shown."""
        return int(self._year.currentData())

    def _columns(self) -> Sequence[Column[ExitRow]]:
        criteria = self._context.desk.profile.household_exit
        fixed = (
            Column[ExitRow](say("Group"), lambda r: r.household.group, 4),
            Column[ExitRow](say("Head"), lambda r: r.household.head.name if r.household.head else "—", 5),
        )
        signs = tuple(
            Column[ExitRow](
                _short(criterion), lambda _: "", 2,
                sign=partial(_sign, key), tip=partial(_because, key),
            )
            for key, criterion in criteria.items()
        )  # fmt: skip
        last = (
            Column[ExitRow](say("In the way"), _in_the_way, 3, right=True, tone=_way_tone),
            Column[ExitRow](say("State"), lambda r: r.state_title, 7, tip=lambda r: r.state_title),
        )
        return (*fixed, *signs, *last)

    def _assemble(self) -> None:
        self._together = button(say("Next step for all"), "forward")
        self._menu = QMenu(self)
        self._together.setMenu(self._menu)
        self.add_button(self._together)
        self.add_button(self._papers_button())
        self.add_button(button(say("Villagers' meeting"), "person", self._on_meeting))
        self.add_button(button(say("Draft the notice"), "notices", self._on_notice))
        self.add_button(button(say("Add households"), "add", self._on_propose, kind="primary"))
        self.column.addWidget(self._clock)
        self.column.addLayout(row(self._year, self._count, self._earlier))
        empty = EmptyState(
            tr("No exit is planned for this year yet. Add the households that are to be checked."),
            button(say("Add households"), "add", self._on_propose, kind="primary"),
        )
        without = EmptyState(
            tr("There are no household files yet. Import last year's list first."),
            button(say("Import a roster"), "import", lambda: self._context.navigator.go("import"), kind="primary"),
        )
        both = split((self.table, 50), (self.case, 34))
        both.setHandleWidth(style.letters() // 2)
        self._body.addWidget(both)
        self._body.addWidget(empty)
        self._body.addWidget(without)
        self.column.addWidget(self._body, 1)

    def _papers_button(self) -> QPushButton:
        """The papers of the whole list: list, minutes, request, result, certificates."""
        menu = QMenu(self)
        menu.aboutToShow.connect(partial(self._fill_papers, menu))
        made = button(say("Papers of the list"), "print")
        made.setMenu(menu)
        return made

    def _on_volume(self) -> None:
        packs, year = self._context.desk.packs, self.year
        self._context.jobs.store(
            say("Making the evidence pack"), lambda step: packs.of_list(year, step), self._on_volume_made
        )

    def _on_volume_made(self, pack: EvidencePack) -> None:
        missing = tuple((title, str(why)) for title, why in pack.missing)
        title = tr("Papers of the list {year}", year=self.year)
        dialog = PaperDialog(title, [(title, pack)], (), self._output, self, missing)
        self._context.messages.show_dialog(dialog)

    def _fill_papers(self, menu: QMenu) -> None:
        menu.clear()
        titles = {paper.key: paper.title for paper in self._context.desk.papers.kinds()}
        for kind in _LIST_PAPERS:
            if kind in titles:
                menu.addAction(titles[kind], partial(self._on_paper, kind))
        menu.addSeparator()
        menu.addAction(tr("All of them as one volume with its catalogue"), self._on_volume)

    def _on_paper(self, kind: str) -> None:
        self._context.navigator.go("papers", kind=kind, year=self.year)

    def _fill_years(self) -> None:
        for year in working_years(self._context.desk):
            self._year.addItem(str(year), year)
        self._year.setCurrentIndex(self._year.findData(working_year(self._context.desk)))

    def _ask(self) -> None:
        self._clock.look()
        self._reading.ask(partial(_read, self._context.desk, self.year))

    def _on_read(self, read: tuple[tuple[ExitRow, ...], int]) -> None:
        found, households = read
        at = self.table.currentIndex().row()
        self._rows = found if self._earlier.isChecked() else _newest(found)
        self.model.show_rows(self._rows)
        free = sum(not row_.done and not _hard(row_) for row_ in self._rows)
        self._count.setText(
            tr("{n} {n:household|households}; open and free of blockers: {free}", n=len(self._rows), free=free)
        )
        self._body.setCurrentIndex(0 if self._rows else 1 if households else 2)
        self._fill_menu()
        if self._rows:
            led = next((n for n, row_ in enumerate(self._rows) if row_.household.id == self._wanted), at)
            self.table.selectRow(min(max(led, 0), len(self._rows) - 1))
            self.case.show_tab(self._tab)
        else:
            self.case.show_case(None)
        self._wanted = self._tab = ""

    def _fill_menu(self) -> None:
        self._menu.clear()
        for step, rows in open_steps(self._rows, self._context).values():
            words = tr("{step}: {n} {n:household|households}", step=step.title, n=len(rows))
            self._menu.addAction(words, partial(self._on_together, step, rows))
        self._together.setEnabled(not self._menu.isEmpty())

    def _on_together(self, step: Step, rows: Sequence[ExitRow]) -> None:
        work = taking(self._context, step, rows, self)
        if work is not None:
            self._deed.do(say("{step}: {n} {n:household|households}", step=step.title, n=len(rows)), work,
                          partial(self._on_taken, len(rows)))  # fmt: skip

    def _on_taken(self, sent: int, taken: Taken) -> None:
        self._context.tell_change(taken.change, self)
        tell_taken(self._context, taken, sent, self._ask)

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.case.show_case(self.model.row(current.row()) if current.isValid() else None)

    def _on_propose(self) -> None:
        dialog = ProposeDialog(self._context, self.year, self)
        if self._context.messages.show_dialog(dialog):
            exits, year, chosen = self._context.desk.exits, self.year, dialog.chosen
            self._deed.do(
                say("Add households"),
                lambda step: exits.propose(year, chosen, tr("list of the year"), step),
                self._on_proposed,
            )

    def _on_meeting(self) -> None:
        waiting, year = self._context.desk.evaluations.waiting, self.year
        self._deed.do(
            say("Villagers' meeting"), lambda _step: waiting(EvaluationDraft().matter, year), self._on_meeting_due
        )

    def _on_meeting_due(self, due: Sequence[Subject]) -> None:
        waiting = due or tuple(Subject(row_.case.id, row_.household, None) for row_ in self._rows if not row_.done)
        if not waiting:
            self._context.messages.tell(say("No case is waiting for the meeting."))
            return
        dialog = MeetingDialog(waiting, EvaluationDraft(year=self.year), self._context.desk.profile.quorum, self)
        if self._context.messages.show_dialog(dialog):
            self._record(*dialog.answer)

    def _record(self, meeting: EvaluationDraft, ballots: Mapping[str, Ballot]) -> None:
        evaluations = self._context.desk.evaluations
        self._deed.do(
            say("Recording the meeting"),
            lambda step: evaluations.record(meeting, ballots, tr("minutes of the meeting"), step),
            partial(self._on_taken, len(ballots)),
        )

    def _on_notice(self) -> None:
        ready = [r.case.id for r in self._rows if any(step.verb == "post" and step.open for step in r.steps)]
        if not ready:
            self._context.messages.tell(
                say("No household is ready for the notice: look at what is in the way of each."), "warn"
            )
            return
        self._context.navigator.go("notices", draft_for=tuple(ready), year=self.year)

    def _on_proposed(self, change: object) -> None:
        self._ask()
        self._context.tell_change(change, self)
        self._context.messages.tell(say("Added to the list."), "ok")

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._ask()


def _read(desk: Desk, year: int) -> tuple[tuple[ExitRow, ...], int]:
    """The cases of the year, and how many households there are at all."""
    return desk.exits.of_year(year), desk.lists.status().households


def _newest(rows: Sequence[ExitRow]) -> tuple[ExitRow, ...]:
    """One line a household: its newest attempt."""
    last = {row_.household.id: row_ for row_ in sorted(rows, key=lambda row_: row_.case.attempt)}
    return tuple(row_ for row_ in rows if last[row_.household.id] is row_)


def _short(criterion: Criterion) -> str:
    text = criterion.text
    return criterion.short or (text if len(text) <= 4 else text[:3] + "…")


def _sign(key: str, row_: ExitRow) -> QIcon | None:
    result = next((one.result for one in row_.assessments if one.key == key), "")
    if result not in RESULT_SIGNS:
        return None
    name, tone = RESULT_SIGNS[result]
    return icon(name, getattr(style.tokens(), tone))


def _because(key: str, row_: ExitRow) -> str:
    return next((f"{one.text}\n{one.because}" for one in row_.assessments if one.key == key), "")


def _hard(row_: ExitRow) -> int:
    return sum(blocker.hard for blocker in row_.blockers)


def _way_tone(row_: ExitRow) -> str:
    return "muted" if row_.done else "problem" if _hard(row_) else "ok"


def _in_the_way(row_: ExitRow) -> str:
    return "—" if row_.done else str(_hard(row_) or tr("none"))
