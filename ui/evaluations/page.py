"""Democratic evaluation: the meetings on the left, the chosen one with agenda, votes and next step on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import style
from ui.asking import Deed, Reading
from ui.beside import split
from ui.context import Context
from ui.evaluations.call import CallDialog
from ui.exits.clockbar import ClockBar
from ui.exits.meeting import MeetingDialog
from ui.exits.taking import tell_taken
from ui.exits.widgets import clear
from ui.page import Page, button, card, label, row, scrolled
from ui.procedures.step_form import StepForm, StepOrder
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.years import working_year
from villagedesk.errors import Problem
from villagedesk.policy.quorum import quorum_problems
from villagedesk.services.evaluations import EvaluationRow, Subject
from villagedesk.services.exits import Taken
from villagedesk.text import say, tr

_DATED = {"hold": "held_on", "minute": "signed_on"}
"""Step → the field that takes its day."""

_MOST_LINES = 12  # of an agenda shown at once; a longer one is scrolled


class EvaluationsPage(Page):
    """The villagers' meetings of the village."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Democratic evaluation"),
            tr("Called, held, voted household by household, minutes signed; whoever carries goes on by the vote."),
        )
        self._context = context
        self._clock = ClockBar(context)
        self._reading = Reading(context, say("Democratic evaluation"), self)
        self._deed = Deed(context, self)
        self._rows: tuple[EvaluationRow, ...] = ()
        self._shown = ""
        self.model = PagedTable[EvaluationRow](_columns(), self)
        self.table = TableView(self.model, tr("Meetings"))
        self._name, self._state = label("", "heading", wrap=True), label("", badge=True)
        self.steps = StepForm(context.desk.site.today, _no_notice)
        self._facts = QVBoxLayout()
        self.agenda = PagedTable[Subject](self._agenda_columns(), self)
        self.votes = TableView(self.agenda, tr("Agenda and votes"))
        self._body = Sheets()
        self._assemble()
        self._reading.answered.connect(self._on_read)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.steps.take_wanted.connect(self._on_take)
        self.steps.mend_wanted.connect(self._on_mend)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the meetings, the cursor on ``evaluation_id``."""
        self._shown = str(place.get("evaluation_id", self._shown))
        self._ask()

    @property
    def meeting(self) -> EvaluationRow | None:
        """The meeting under the cursor."""
        return next((each for each in self._rows if each.meeting.id == self._shown), None)

    def _assemble(self) -> None:
        self.add_button(button(say("Minutes on paper"), "print", self._on_paper))
        self.add_button(button(say("Call a meeting"), "add", self._on_call, kind="primary"))
        self.column.addWidget(self._clock)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addLayout(row(self._name, self._state))
        column.addWidget(self.steps)
        column.addLayout(self._facts)
        column.addWidget(card(self.votes, heading=tr("Agenda and votes")))
        column.addStretch(1)
        both = split((self.table, 36), (scrolled(side), 48))
        empty = EmptyState(
            tr("No meeting yet. Call one: it takes every household that stands before its evaluation."),
            button(say("Call a meeting"), "add", self._on_call, kind="primary"),
        )
        self._body.addWidget(both)
        self._body.addWidget(empty)
        self.column.addWidget(self._body, 1)

    def _ask(self) -> None:
        self._clock.look()
        self._reading.ask(self._context.desk.evaluations.all)

    def _on_read(self, rows: tuple[EvaluationRow, ...]) -> None:
        self._rows = rows
        self.model.show_rows(self._rows)
        self._body.setCurrentIndex(0 if self._rows else 1)
        if self._rows:
            number = next((n for n, each in enumerate(self._rows) if each.meeting.id == self._shown), 0)
            self.table.selectRow(number)

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        shown = self.model.row(current.row()) if current.isValid() else None
        if shown is None:
            return
        self._shown = shown.meeting.id
        self._name.setText(shown.title)
        self._state.setText(shown.state_title)
        self.steps.show_steps(shown.steps)
        if "place" in self.steps.fields:
            self.steps.fields["place"].show_value(shown.meeting.place)
        clear(self._facts)
        self._facts.addWidget(_meeting_card(shown))
        self._show_votes(shown)

    def _show_votes(self, shown: EvaluationRow) -> None:
        self.agenda.show_rows(shown.subjects)
        lines = min(len(shown.subjects), _MOST_LINES) + 2
        self.votes.setFixedHeight(self.votes.verticalHeader().defaultSectionSize() * lines)

    def _agenda_columns(self) -> Sequence[Column[Subject]]:
        return (
            Column(say("Household"), _home, 9),
            Column(say("For"), partial(_count, "agree"), 3, right=True),
            Column(say("Against"), partial(_count, "against"), 3, right=True),
            Column(say("Abstained"), partial(_count, "abstain"), 3, right=True),
            Column(say("Stepped out"), lambda s: (s.ballot.recused or "—") if s.ballot else "", 6),
            Column(say("Vote"), self._outcome, 6, tone=self._outcome_tone, tip=self._why),
        )

    def _lost(self, subject: Subject) -> Sequence[Problem]:
        quorum = self._context.desk.profile.quorum
        return quorum_problems(quorum, subject.ballot.vote) if subject.ballot else ()

    def _outcome(self, subject: Subject) -> str:
        if subject.ballot is None:
            return tr("not voted on yet")
        return tr("does not carry") if self._lost(subject) else tr("carries")

    def _outcome_tone(self, subject: Subject) -> str:
        return "muted" if subject.ballot is None else "problem" if self._lost(subject) else "ok"

    def _why(self, subject: Subject) -> str:
        return "\n".join(str(problem.text) for problem in self._lost(subject)) or self._outcome(subject)

    def _on_call(self) -> None:
        evaluations = self._context.desk.evaluations
        dialog = CallDialog(self._context, evaluations.matters(), working_year(self._context.desk), self)
        if self._context.messages.show_dialog(dialog):
            self._do(lambda: evaluations.call(dialog.answer, tr("meeting called")))

    def _on_paper(self) -> None:
        shown = self.meeting
        if shown is not None:
            self._context.navigator.go("papers", kind="evaluation_minutes", year=shown.meeting.year)

    def _on_take(self, order: StepOrder) -> None:
        shown = self.meeting
        if shown is None:
            return
        if order.verb == "vote":
            self._vote(shown)
            return
        values = {name: value for name, value in order.values.items() if value}  # what is known already stays
        if order.verb in _DATED:
            values[_DATED[order.verb]] = order.on
        evaluations = self._context.desk.evaluations
        self._do(lambda: evaluations.take(shown.meeting.id, order.verb, order.reason, **values))

    def _on_mend(self, _field: str) -> None:
        """What bars a meeting and is not asked here lies with its cases."""
        shown = self.meeting
        kind = shown.meeting.matter.partition(".")[0] if shown else "exit"
        page = {"exit": "exits", "monitoring": "monitoring"}.get(kind, "procedures")
        self._context.navigator.go(page, **({"procedure": kind} if page == "procedures" else {}))

    def _vote(self, shown: EvaluationRow) -> None:
        quorum = self._context.desk.profile.quorum
        dialog = MeetingDialog(shown.subjects, shown.meeting, quorum, self, held=True)
        if not self._context.messages.show_dialog(dialog):
            return
        _, ballots = dialog.answer
        evaluations, meeting_id = self._context.desk.evaluations, shown.meeting.id
        self._deed.do(
            say("Recording the meeting"),
            lambda step: evaluations.vote(meeting_id, ballots, tr("vote of the meeting"), step),
            partial(self._on_voted, len(ballots)),
        )

    def _on_voted(self, sent: int, taken: Taken) -> None:
        self._context.tell_change(taken.change, self)
        tell_taken(self._context, taken, sent, self._ask)

    def _do(self, verb: Callable[[], Any]) -> None:
        with self._context.messages.telling():
            change = verb()
            self._shown = next(iter(change.records.get("evaluation", ())), self._shown)
            self._ask()
            self._context.tell_change(change, self)
            self._context.messages.tell(say("Saved."), "ok")

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._ask()


def _home(subject: Subject) -> str:
    home = subject.household
    return f"{home.group}  {home.head.name if home.head else home.no}"


def _count(name: str, subject: Subject) -> str:
    return str(getattr(subject.ballot.vote, name)) if subject.ballot else ""


def _meeting_card(shown: EvaluationRow) -> QWidget:
    meeting = shown.meeting
    attended = tr("{present} of {due}", present=meeting.present, due=meeting.due) if meeting.due else ""
    said = (
        (tr("Called on"), str(meeting.called_on or "")), (tr("Held on"), str(meeting.held_on or "")),
        (tr("Place"), meeting.place), (tr("Chair"), meeting.chair), (tr("Recorder"), meeting.recorder),
        (tr("Persons present"), attended), (tr("Minutes, in short"), meeting.minutes),
        (tr("Minutes signed on"), str(meeting.signed_on or "")), (tr("Reason"), meeting.returned_reason),
    )  # fmt: skip
    lines = QGridLayout()
    for number, (title, words) in enumerate(pair for pair in said if pair[1]):
        lines.addWidget(label(title, "label"), number, 0)
        lines.addWidget(label(words, wrap=True), number, 1)
    lines.setColumnStretch(1, 1)
    return card(lines, heading=tr("The meeting"))


def _no_notice(_kind: str, _first: date) -> date | None:
    return None


def _columns() -> Sequence[Column[EvaluationRow]]:
    return (
        Column(say("What it decides"), lambda r: r.title, 10, tip=lambda r: r.title),
        Column(say("State"), lambda r: r.state_title, 6, tone=lambda r: "" if r.open else "muted"),
        Column(say("Held on"), lambda r: str(r.meeting.held_on or "—"), 6),
        Column(say("Households"), lambda r: str(len(r.meeting.subject_ids)), 4, right=True),
    )
