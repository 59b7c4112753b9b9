"""What is written down about a case: the check at the door, the meeting, the household's own answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import LineField, date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.page import button, card, label, row
from villagedesk.drafts.exit import CheckDraft, ExitDraft
from villagedesk.policy.profile import Profile
from villagedesk.services.exits import ExitRow
from villagedesk.text import say, tr


class RecordsTab(QWidget):
    """Two small forms and the outcome of the meeting. ``save_wanted`` carries the call to make on the service."""

    save_wanted = Signal(object)

    def __init__(self, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case = ExitDraft()
        self._checked_on, self._checked_by = date_field(), text_field()
        self._results: dict[str, tuple[CodeField, LineField]] = {}
        self._answer = CodeField([Option("agrees", tr("agrees")), Option("disagrees", tr("does not agree"))])
        self._answered_on, self._answer_reason = date_field(), text_field()
        self._meeting = label("", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._check_card(profile))
        column.addWidget(card(self._meeting, heading=tr("Villagers' meeting")))
        column.addWidget(self._answer_card(profile))
        column.addStretch(1)
        self._enter = NextOnEnter(self)
        self._enter.watch(self)

    def show_case(self, shown: ExitRow) -> None:
        """Show what is written down about a case."""
        case = self._case = shown.case
        self._checked_on.show_value(case.verified_on)
        self._checked_by.show_value(case.verified_by)
        found = {check.criterion: check for check in case.checks}
        for key, (result, evidence) in self._results.items():
            check = found.get(key, CheckDraft(key))
            result.show_value(check.result)
            evidence.show_value(check.evidence)
        self._answer.show_value(case.household_answer)
        self._answered_on.show_value(case.answered_on)
        self._answer_reason.show_value(case.answer_reason)
        self._meeting.setText(_meeting_words(case))

    def _check_card(self, profile: Profile) -> QWidget:
        table = QGridLayout()
        for number, (key, criterion) in enumerate(profile.household_exit.items()):
            result = CodeField([Option("met", tr("met")), Option("unmet", tr("not met"))])
            evidence = text_field(say("what was seen"))
            result.setAccessibleName(criterion.text)
            evidence.setAccessibleName(tr("{criterion}: what was seen", criterion=criterion.text))
            self._results[key] = (result, evidence)
            table.addWidget(label(criterion.text, wrap=True), number, 0)
            table.addWidget(result, number, 1)
            table.addWidget(evidence, number, 2)
        table.setColumnStretch(0, 3)
        table.setColumnStretch(1, 2)
        table.setColumnStretch(2, 4)
        who = grid(
            [FieldRow(tr("Checked on"), self._checked_on), FieldRow(tr("By whom (two persons)"), self._checked_by)], 2
        )
        save = button(say("Record the check"), "save", self._on_check)
        return card(who, table, row(save), heading=tr("Check at the door"))

    def _answer_card(self, profile: Profile) -> QWidget:
        fields = grid(
            [
                FieldRow(tr("The household"), self._answer),
                FieldRow(tr("On"), self._answered_on),
                (FieldRow(tr("In its own words (not required)"), self._answer_reason), 2),
            ],
            2,
        )
        save = button(say("Record the answer"), "save", self._on_answer)
        return card(fields, row(save), heading=tr("Answer of the household to “{exit}”", exit=profile.terms.exit))

    def _on_check(self) -> None:
        on: date | None = self._checked_on.value()
        by = self._checked_by.value() or ""
        checks = [
            CheckDraft(key, result.value(), evidence.value() or "", on, by)
            for key, (result, evidence) in self._results.items()
            if result.value()
        ]
        self._emit(lambda exits: exits.record_checks(self._case.id, on, by, checks, tr("check at the door")))

    def _on_answer(self) -> None:
        answer, on, why = self._answer.value(), self._answered_on.value(), self._answer_reason.value() or ""
        self._emit(lambda exits: exits.answer(self._case.id, answer, on, why, tr("answer of the household")))

    def _emit(self, verb: Callable[[Any], Any]) -> None:
        self.save_wanted.emit(verb)


def _meeting_words(case: ExitDraft) -> str:
    if case.evaluated_on is None:
        return tr("Not held yet. “Villagers' meeting” above the list records it for all households at once.")
    said: Sequence[str] = (
        tr("Held on {day}.", day=case.evaluated_on.isoformat()),
        tr(
            "For {agree}, against {against}, abstained {abstained}.",
            agree=case.votes_for,
            against=case.votes_against,
            abstained=case.abstained,
        ),
        tr("Stepped out: {names}.", names=case.recused) if case.recused else "",
    )
    return " ".join(filter(None, said))
