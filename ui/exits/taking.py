"""Taking a step of the procedure: the day, the reason and the few facts that go with it, for one case or for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.fields.lines import LineField, date_field, text_field
from ui.fields.rows import FieldRow
from ui.page import card, label
from villagedesk.errors import Refused
from villagedesk.policy.procedures import Procedure, Step
from villagedesk.services.exits import ExitRow, Taken
from villagedesk.text import say, tr
from villagedesk.values import Step as Told

_DATED = {"report": "reported_on", "approve": "replied_on", "announce": "announced_on", "mark": "marked_on"}
"""Step → the field that takes its day."""


class StepDialog(QDialog):
    """What a step asks for: its day, the number of the township's reply. Only what it needs is shown."""

    def __init__(self, step: Step, cases: int, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(step.title)
        self._step = step
        self.fields: dict[str, LineField] = {}
        rows: list[QWidget] = [
            label(tr("“{step}” for {n} {n:household|households}", step=step.title, n=cases), "heading")
        ]
        rows.append(label(tr("Done by: {actor}", actor=step.actor), "hint", wrap=True))
        if step.verb in _DATED:
            rows.append(self._line("on", tr("On which day"), date_field(), today))
        if step.verb == "approve":
            rows.append(self._line("township_reply", tr("Number of the township's written reply"), text_field(), ""))
        buttons = QDialogButtonBox()
        buttons.addButton(step.title, QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(card(*rows))
        column.addWidget(buttons)
        self._enter = NextOnEnter(self)
        self._enter.watch(self)
        self.setMinimumWidth(style.letters() * 30)

    @property
    def values(self) -> Mapping[str, Any]:
        """Fields of the case set with the step."""
        found: dict[str, Any] = {}
        if "on" in self.fields:
            found[_DATED[self._step.verb]] = self.fields["on"].value()
        if "township_reply" in self.fields:
            found["township_reply"] = self.fields["township_reply"].value() or ""
        return found

    def _line(self, name: str, title: str, editor: LineField, value: Any) -> FieldRow:
        editor.show_value(value)
        self.fields[name] = editor
        return FieldRow(title, editor)


Taking = Callable[[Told], Taken]
"""The work of taking a step: told how far it is, it gives who went and who could not."""


def taking(context: Context, step: Step, rows: Sequence[ExitRow], owner: QWidget) -> Taking | None:
    """Ask what ``step`` needs to be taken with those of these cases that can go; None when the user stepped back."""
    reason: str = step.title
    values: dict[str, Any] = {}
    if step.needs_reason:
        reason = context.messages.ask_line(say("{step}: for what reason?", step=step.title)) or ""
        if not reason:
            return None
    if step.verb in _DATED:
        dialog = StepDialog(step, len(rows), context.desk.site.today(), owner)
        if not context.messages.show_dialog(dialog):
            return None
        values = dict(dialog.values)
    if step.verb == "approve":
        return _approve(context, rows, reason, values)
    return _take(context, rows, step.verb, reason, values)


def _take(context: Context, rows: Sequence[ExitRow], verb: str, reason: str, values: Mapping[str, Any]) -> Taking:
    exits, cases = context.desk.exits, [row.case.id for row in rows]
    return lambda told: exits.take_possible(cases, verb, reason, told, **values)


def _approve(context: Context, rows: Sequence[ExitRow], reason: str, values: Mapping[str, Any]) -> Taking | None:
    """A reply that came with the township's file is there already; only where it is missing one has to be typed."""
    if not values.get("township_reply") and all(row.case.township_reply for row in rows):
        values = {}  # the day stands beside the number already
    elif not values.get("township_reply"):
        context.messages.tell(say("Enter the number of the township's reply."), "problem")
        return None
    return _take(context, rows, "approve", reason, values)


def tell_taken(context: Context, taken: Taken, sent: int, told: Callable[[], object]) -> None:
    """Say how many went, and why the first of the others could not."""
    told()
    if not taken.refused:
        context.messages.tell(say("Saved."), "ok")
        return
    first: Refused = next(iter(taken.refused.values()))
    gone = sent - len(taken.refused)
    text = say(
        "{gone} went on, {held} could not: {why}", gone=gone, held=len(taken.refused), why=first.problems[0].text
    )
    context.messages.tell(text, "problem")


def by_notice(steps: Procedure, verb: str) -> bool:
    """Whether a notice takes this step along: it is posted or withdrawn where notices are, not here."""
    way = next((way for way in steps.transitions if way.key == verb), None)
    return way is not None and bool(way.notice or way.withdrawn_with)


def open_steps(rows: Sequence[ExitRow], context: Context) -> Mapping[str, tuple[Step, tuple[ExitRow, ...]]]:
    """The steps forward that are open now, each with the cases it is open for; those of a notice are taken there."""
    steps = context.desk.exits.procedure
    found: dict[str, tuple[Step, tuple[ExitRow, ...]]] = {}
    for row in rows:
        for step in row.steps:
            if step.open and steps.effect(step.to) != "back" and not by_notice(steps, step.verb):
                known = found.get(step.verb, (step, ()))
                found[step.verb] = (known[0], (*known[1], row))
    return found
