"""One monitoring case: its timers, the next step with what it asks for, the facts of then and of now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.exits.widgets import clear
from ui.mending import place_of
from ui.monitoring.clue import SOURCES
from ui.page import button, card, label
from ui.procedures.step_form import StepForm, StepOrder
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.policy.notices import stage_end
from villagedesk.services.monitoring_timers import MonitoringRow, Timer
from villagedesk.text import say, tr
from villagedesk.values import yuan

_VOTES = {
    "due": "due", "present": "present", "agree": "votes_for", "against": "votes_against", "abstain": "abstained",
    "notice_from": "notice_from", "notice_until": "notice_until",
}  # fmt: skip
"""What a step asks for → the field of the case."""
_OUT = frozenset({"end", "end_evaluate", "end_post", "end_approve", "keep"})


class MonitoringCase(QWidget):
    """The case under the cursor."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._row: MonitoringRow | None = None
        self._name, self._state = label("", "heading", wrap=True), label("", badge=True)
        self._about = label("", "hint", wrap=True)
        self._timers = QVBoxLayout()
        self.steps = StepForm(context.desk.site.today, self._until)
        self._facts = QVBoxLayout()
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._state)
        head.addWidget(button(say("Household file"), "households", self._on_file, kind="link"))
        head.addWidget(button(say("Plan"), "plans", self._on_plan, kind="link"))
        column = QVBoxLayout(self)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._about)
        column.addLayout(self._timers)
        column.addWidget(self.steps)
        column.addLayout(self._facts)
        self.steps.take_wanted.connect(self._on_take)
        self.steps.mend_wanted.connect(self._on_mend)

    def show_case(self, row: MonitoringRow | None, timers: Sequence[Timer]) -> None:
        """Show another case; None shows nothing."""
        self._row = row
        self.setVisible(row is not None)
        if row is None:
            return
        head = row.household.head
        self._name.setText(
            tr("{name}, {group}, {n} {n:person|persons}", name=head.name if head else row.household.no,
               group=row.household.group, n=len(row.household.living))
        )  # fmt: skip
        self._state.setText(row.state_title)
        self._about.setText("　".join(self._counters(row)))
        clear(self._timers)
        for timer in timers:
            self._timers.addWidget(label(_timer_words(timer), tone="problem" if timer.late else "warn"))
        self.steps.show_steps(row.steps)
        clear(self._facts)
        self._facts.addWidget(self._clue_card(row))
        if row.case.recognised_on is not None:
            self._facts.addWidget(self._needs_card(row.case))

    def _counters(self, row: MonitoringRow) -> Iterator[str]:
        if row.days_since_found is not None:
            yield tr("{n} {n:day|days} since the clue", n=row.days_since_found)
        if row.months_watched is not None:
            yield tr("{n} {n:month|months} since recognition", n=row.months_watched)
        if row.days_since_visit is not None:
            yield tr("last visited {n} {n:day|days} ago", n=row.days_since_visit)
        else:
            yield tr("no visit on record")

    def _clue_card(self, row: MonitoringRow) -> QWidget:
        case, codes = row.case, self._context.desk.profile.codes
        lines = QGridLayout()
        said = (
            (tr("Clue"), f"{case.found_on or ''} {SOURCES.get(case.clue_source, '')}：{case.clue or '—'}"),
            (tr("Class"), codes.word("monitoring_class", case.kind)),
            (tr("Risks"), "、".join(codes.word("risk", risk) for risk in case.risks)),
            (tr("Which natural disaster"), codes.word("disaster", case.disaster)),
            (tr("What the other risk is"), case.risk_note),
            (tr("Whole household unable to work, supported"), "" if case.no_labour is None else _yes(case.no_labour)),
            (tr("In touch"), "  ".join(filter(None, (case.contact, case.contact_phone)))),
            (tr("Meeting"), _meeting(case)),
            (tr("On the board"), f"{case.notice_from} — {case.notice_until}" if case.notice_from else ""),
            (tr("Recognised on"), str(case.recognised_on or "")),
            (tr("Sent back"), case.returned_reason),
        )
        for number, (title, words) in enumerate(pair for pair in said if pair[1]):
            lines.addWidget(label(title, "label"), number, 0)
            lines.addWidget(label(words, wrap=True), number, 1)
        lines.setColumnStretch(1, 1)
        return card(lines, heading=tr("What is known"))

    def _needs_card(self, case: MonitoringDraft) -> QWidget:
        titles = {key: criterion.text for key, criterion in self._context.desk.profile.household_exit.items()}
        then, ended = dict(_pairs(case.needs)), dict(_pairs(case.out_needs))
        lines = QGridLayout()
        for place, title in enumerate(("", tr("At recognition"), tr("At the end"))):
            lines.addWidget(label(title, "label"), 0, place)
        for number, (key, title) in enumerate(titles.items(), 1):
            lines.addWidget(label(title, wrap=True), number, 0)
            for place, found in ((1, then), (2, ended)):
                word, tone = _result(found.get(key, ""))
                lines.addWidget(label(word, tone=tone), number, place)
        last = len(titles) + 1
        lines.addWidget(label(tr("Reference income a head")), last, 0)
        for place, fen in ((1, case.reference), (2, case.out_reference)):
            lines.addWidget(label(yuan(fen) if fen is not None else "—"), last, place)
        lines.setColumnStretch(0, 1)
        return card(lines, heading=tr("Needs and income, as written down on the day"))

    def _until(self, notice: str, first: date) -> date | None:
        profile = self._context.desk.profile
        kind = profile.notices.get(notice)
        stage = next(iter(kind.stages.values()), None) if kind else None
        return stage_end(stage, first, profile.days) if stage else None

    def _on_take(self, order: StepOrder) -> None:
        if self._row is None or order.on is None:
            self._context.messages.tell(say("Enter the day of the step."), "problem")
            return
        prefix = "out_" if order.verb in _OUT else ""
        values: dict[str, Any] = {
            prefix + _VOTES[name]: value for name, value in order.values.items() if name in _VOTES
        }
        if "due" in order.values:
            values[f"{prefix}held_on"] = order.on
        with self._context.messages.telling():
            change = self._context.desk.monitoring.take(self._row.case.id, order.verb, order.on, order.reason, **values)
            self._context.messages.tell(say("Saved."), "ok")
            self._context.tell_change(change, self)
            self.changed.emit()

    def _on_mend(self, field: str) -> None:
        if self._row is not None:
            page, place = place_of(field, self._row.household.id)
            self._context.navigator.go(page, **place)

    def _on_file(self) -> None:
        if self._row is not None:
            self._context.navigator.go("household", household_id=self._row.household.id)

    def _on_plan(self) -> None:
        if self._row is not None:
            self._context.navigator.go("plan", household_id=self._row.household.id)


def _timer_words(timer: Timer) -> str:
    if timer.late:
        return tr("{what}: was due on {day}", what=str(timer.text), day=timer.due_on.isoformat())
    return tr(
        "{what}: by {day}, {n} {n:day|days} left", what=str(timer.text), day=timer.due_on.isoformat(), n=timer.days_left
    )


def _meeting(case: MonitoringDraft) -> str:
    if case.held_on is None:
        return ""
    return tr(
        "{day}: {present} of {due} present, {agree} for, {against} against", day=case.held_on.isoformat(),
        present=case.present, due=case.due, agree=case.votes_for, against=case.votes_against,
    )  # fmt: skip


def _yes(said: bool) -> str:
    return tr("Yes") if said else tr("No")


def _pairs(needs: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pair in needs:
        key, _, result = pair.partition("=")
        yield key, result


def _result(word: str) -> tuple[str, str]:
    return {
        "met": (tr("met"), "ok"), "unmet": (tr("not met"), "problem"), "unknown": (tr("not known"), "warn"),
    }.get(word, ("—", ""))  # fmt: skip
