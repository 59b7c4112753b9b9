"""The next step of a procedure and what is written down with it: day, meeting, days on the board, reason.

What a step asks for is data of the policy pack; what bars it is shown before, with the way to the place to mend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.exits.widgets import clear
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.flow import Flow
from ui.fields.lines import LineField, date_field, text_field, whole_field
from ui.fields.rows import FieldRow, grid
from ui.page import button, label, row
from villagedesk.policy.cases import Blocker
from villagedesk.policy.procedures import Step
from villagedesk.text import Text, say, tr

_ANSWERED: Mapping[str, frozenset[str]] = {
    "meeting": frozenset({"evaluation"}), "visit": frozenset({"visited"}),
    "attendance": frozenset({"meeting_facts", "meeting_quorum"}), "votes": frozenset({"meeting_votes"}),
    "minutes": frozenset({"meeting_minutes"}), "approval": frozenset({"approval"}),
    "ground": frozenset({"ground"}), "heard": frozenset({"heard"}),
}  # fmt: skip
"""What a step asks for → the blockers that the answer lifts."""

_ASKED_AS: Mapping[str, str] = {
    "votes_for": "agree", "held_on": "on", "signed_on": "on", "monitoring.recognised_on": "on",
}  # fmt: skip
"""Field of a case → the field of the form that fills it, where they differ."""

_MEETS = frozenset({"meeting", "attendance"})
"""What is asked for by a step that is the meeting; another step rests on a meeting that is written down elsewhere."""

MEETING = ("due", "present", "agree", "against", "abstain")


@dataclass(frozen=True)
class StepOrder:
    """A step to be taken: its verb, the day, the reason, and what was asked for, by plain names."""

    verb: str
    on: date | None
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


class StepForm(QFrame):
    """Steps that lead on as buttons; below, the form of the one chosen. ``take_wanted`` carries a :class:`StepOrder`.

    ``until``: from the kind of notice and its first day to its last one, for steps that ask for days; ``grounds``: the
    reasons for which a household leaves the register.
    """

    take_wanted = Signal(object)
    mend_wanted = Signal(str)

    def __init__(
        self,
        today: Callable[[], date],
        until: Callable[[str, date], date | None] | None = None,
        grounds: Sequence[Option] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._today, self._until, self._grounds = today, until, grounds
        self._steps: Sequence[Step] = ()
        self._step: Step | None = None
        self.fields: dict[str, LineField | CodeField] = {}
        self._choices = Flow()
        self._form = QVBoxLayout()
        column = QVBoxLayout(self)
        column.addWidget(label(tr("Next step"), "heading"))
        column.addLayout(self._choices)
        column.addLayout(self._form)
        self._enter = NextOnEnter(self)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show the steps that lead on from where a case stands; the first one is chosen."""
        self._steps = steps
        clear(self._choices)
        for step in steps if len(steps) > 1 else ():
            made = button(step.title, "", partial(self.choose, step.verb))
            made.setToolTip(tr("Done by: {actor}", actor=step.actor))
            self._choices.addWidget(made)
        self.setVisible(bool(steps))
        if steps:
            self.choose(steps[0].verb)

    def choose(self, verb: str) -> None:
        """Show the form of one step."""
        self._step = next((step for step in self._steps if step.verb == verb), None)
        clear(self._form)
        self.fields = {}
        step = self._step
        if step is None:
            return
        self._form.addWidget(label(_about(step), "hint", wrap=True))
        for blocker in _standing(step):
            self._form.addLayout(self._barred(blocker))
        rows = [self._line("on", tr("Day"), date_field(), self._today())]
        rows += self._asked(step)
        if step.needs_reason:
            rows.append(self._line("reason", tr("Reason"), text_field(), ""))
        self._form.addLayout(grid(rows, 3))
        self._form.addLayout(row(button(step.title, "ok", self._on_take, kind="primary")))
        self._enter.watch(self)

    def _asked(self, step: Step) -> Sequence[FieldRow]:
        rows = []
        if "visit" in step.asks:
            rows.append(self._line("visited_by", tr("By whom (two persons)"), text_field(), ""))
        if "meeting" in step.asks:
            titles = (tr("Persons due"), tr("Persons present"), tr("For"), tr("Against"), tr("Abstained"))
            rows += [
                self._line(name, title, whole_field(empty=0), 0) for name, title in zip(MEETING, titles, strict=True)
            ]
        if "attendance" in step.asks:
            rows += [
                self._line("place", tr("Place"), text_field(), ""), self._line("chair", tr("Chair"), text_field(), ""),
                self._line("recorder", tr("Recorder"), text_field(), ""),
                self._line("due", tr("Persons due"), whole_field(empty=0), 0),
                self._line("present", tr("Persons present"), whole_field(empty=0), 0),
            ]  # fmt: skip
        if "minutes" in step.asks:
            rows.append(self._line("minutes", tr("Minutes, in short"), text_field(), ""))
        if "ground" in step.asks:
            rows.append(self._line("ground", tr("Why identified wrongly"), CodeField(self._grounds), ""))
            rows.append(self._line("note", tr("Other reason, in neutral words"), text_field(), ""))
        if "heard" in step.asks:
            rows.append(self._line("heard", tr("What the household says"), text_field(), ""))
        if "days" in step.asks and self._until is not None:
            first = self._today()
            rows.append(self._line("notice_from", tr("First day on the board"), date_field(), first))
            rows.append(self._line("notice_until", tr("Last day"), date_field(), self._until(step.notice, first)))
            self.fields["notice_from"].edited.connect(self._on_first_day)
        if "approval" in step.asks:
            rows.append(self._line("approval", tr("Number of the approving paper"), text_field(), ""))
        return rows

    def _line(self, name: str, title: str, editor: LineField | CodeField, value: Any) -> FieldRow:
        editor.show_value(value)
        self.fields[name] = editor
        return FieldRow(title, editor)

    def _barred(self, blocker: Blocker) -> QHBoxLayout:
        line = QHBoxLayout()
        words = label(f"{blocker.text} {blocker.remedy}", tone="problem" if blocker.hard else "warn", wrap=True)
        line.addWidget(words, 1)
        if blocker.field:
            mend = button(say("Mend"), "mend", partial(self._on_mend, blocker.field), kind="link")
            mend.setAccessibleName(tr("Mend: {text}", text=str(blocker.text)))
            line.addWidget(mend)
        line.setSpacing(style.letters() // 2)
        return line

    def _on_mend(self, field: str) -> None:
        """What the form asks itself is mended here; anything else where it is kept."""
        asked = self._step.asks if self._step else ()
        elsewhere = field == "held_on" and not _MEETS.intersection(asked)
        editor = None if elsewhere else self.fields.get(_ASKED_AS.get(field, field))
        if editor is not None:
            editor.setFocus()
        else:
            self.mend_wanted.emit(field)

    def _on_first_day(self, first: date | None) -> None:
        if self._step is not None and self._until is not None and first is not None:
            self.fields["notice_until"].show_value(self._until(self._step.notice, first))

    def _on_take(self) -> None:
        if self._step is None:
            return
        values: dict[str, Any] = {name: editor.value() for name, editor in self.fields.items()}
        on, reason = values.pop("on"), values.pop("reason", "") or self._step.title
        if self._step.needs_reason and reason == self._step.title:
            reason = ""
        self.take_wanted.emit(StepOrder(self._step.verb, on, reason, values))


def _about(step: Step) -> str:
    said: list[Text] = [say("Done by: {actor}", actor=step.actor)]
    if step.days:
        said.append(say("within {n} {n:day|days}", n=step.days))
    if step.until:
        month, _, day = step.until.partition("-")
        said.append(say("by {month}-{day} of the year", month=month, day=day))
    return "　".join(map(str, said))


def _standing(step: Step) -> Sequence[Blocker]:
    """What is in the way and is not answered by the form itself."""
    lifted = frozenset[str]().union(*(_ANSWERED.get(each, frozenset()) for each in step.asks))
    return [blocker for blocker in (*step.blockers, *step.warnings) if blocker.key not in lifted]
