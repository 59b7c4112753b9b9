"""The villagers' meeting that evaluates a list: who came, how each case was voted on (DOMAIN §5.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from ui.binding import Binder
from ui.fields.editor import NextOnEnter
from ui.fields.lines import LineField, NoteField, date_field, text_field, whole_field
from ui.fields.rows import FieldRow, grid
from ui.page import card, label, resize_dialog, set_tone
from ui.slices import SlicedCards
from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.policy.pack_steps import QuorumRule
from villagedesk.policy.quorum import quorum_problems
from villagedesk.services.evaluations import Subject
from villagedesk.services.following import Ballot
from villagedesk.text import say, tr

_TITLES = (say("Household"), say("For"), say("Against"), say("Abstained"), say("Stepped out (relatives, names)"))
_ON_A_CARD = 12  # households; as many lines as one turn of the event loop makes


class MeetingDialog(QDialog):
    """The head of the minutes and a line of votes a household; with ``held`` the head is there already."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        draft: EvaluationDraft,
        rule: QuorumRule,
        parent: QWidget | None = None,
        *,
        held: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Villagers' meeting"))
        self._rule = rule
        self._said = label("", "hint", wrap=True)
        self._binder = Binder(draft, lambda _: (), self)
        self._votes: dict[str, dict[str, LineField]] = {}
        self._names: dict[str, str] = {}
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Record the meeting"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        self._enter = NextOnEnter(self)
        self.lines = SlicedCards(self._cards(subjects, held=held), self)
        column.addWidget(self.lines, 1)
        column.addWidget(self._said)
        column.addWidget(buttons)
        self._binder.changed.connect(self._judge)
        self.lines.begin(1 if held else 2)
        self._judge()
        resize_dialog(self, 62, 40)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field; asked here, where it ends up, and not of each of a thousand lines."""
        here = self.focusWidget()
        if here is None or not self._enter.eventFilter(here, event):
            super().keyPressEvent(event)

    def deleteLater(self) -> None:
        """Go card by card: two thousand fields at once take Qt longer than a turn may last."""
        self.lines.take_down(super().deleteLater)

    @property
    def answer(self) -> tuple[EvaluationDraft, Mapping[str, Ballot]]:
        """The meeting, and how it voted, by case; who was not voted on is left out."""
        self.lines.complete()
        return self._typed()

    def _typed(self) -> tuple[EvaluationDraft, Mapping[str, Ballot]]:
        meeting, ballots = self._binder.draft, {}
        for case_id, lines in self._votes.items():
            agree, against, abstain = (int(lines[name].value() or 0) for name in ("agree", "against", "abstain"))
            if agree + against + abstain:
                names = str(lines["recused"].value() or "")
                ballots[case_id] = Ballot.counted(meeting, agree, against, abstain, names)
        return meeting, ballots

    def _judge(self) -> None:
        """Say while the numbers are typed whether the meeting can decide, and which votes do not carry."""
        meeting, ballots = self._typed()
        top, bottom = self._rule.present
        if not meeting.due:
            self._said.setText(tr("Persons due, persons present, then the votes of each household."))
            set_tone(self._said, "")
            return
        if meeting.present * bottom < meeting.due * top:
            self._said.setText(
                tr("Only {present} of {due} are present; {top}/{bottom} are needed.", present=meeting.present,
                   due=meeting.due, top=top, bottom=bottom)
            )  # fmt: skip
            set_tone(self._said, "problem")
            return
        failed = [self._names[key] for key, ballot in ballots.items() if quorum_problems(self._rule, ballot.vote)]
        set_tone(self._said, "problem" if failed else "ok")
        if failed:
            self._said.setText(tr("These votes do not carry or do not add up: {names}", names="、".join(failed)))
        else:
            self._said.setText(tr("{n} {n:vote|votes} entered; the meeting can decide.", n=len(ballots)))

    def _head(self) -> QWidget:
        fields = (
            ("held_on", tr("Held on"), date_field()), ("place", tr("Place"), text_field()),
            ("due", tr("Persons due"), whole_field(empty=0)), ("present", tr("Persons present"), whole_field(empty=0)),
            ("chair", tr("Chair"), text_field()), ("recorder", tr("Recorder"), text_field()),
        )  # fmt: skip
        rows: list[FieldRow | tuple[FieldRow, int]] = []
        for name, title, editor in fields:
            made = FieldRow(title, editor)
            self._binder.bind(name, made)
            rows.append(made)
        minutes = FieldRow(tr("Minutes, in short"), NoteField(2))
        self._binder.bind("minutes", minutes)
        return card(grid([*rows, (minutes, 2)], 4))

    def _on_vote(self, _value: object) -> None:
        self._judge()

    def _cards(self, subjects: Sequence[Subject], *, held: bool) -> Iterator[QWidget]:
        if not held:
            yield self._head()
        for start in range(0, len(subjects), _ON_A_CARD):
            yield self._lines(subjects[start : start + _ON_A_CARD])

    def _lines(self, subjects: Sequence[Subject]) -> QWidget:
        table = QGridLayout()
        titles = [str(title) for title in _TITLES]
        for place, title in enumerate(titles):
            table.addWidget(label(title, "label"), 0, place)
        for number, subject in enumerate(subjects, 1):
            home = subject.household
            name = f"{home.group}  {home.head.name if home.head else home.no}"
            table.addWidget(label(name), number, 0)
            lines = {key: whole_field(empty=0) for key in ("agree", "against", "abstain")}
            lines["recused"] = text_field()
            for place, (key, line) in enumerate(lines.items(), 1):
                line.setAccessibleName(f"{name} {titles[place]}")
                table.addWidget(line, number, place)
                line.edited.connect(self._on_vote)
                _prefill(line, key, subject)
            self._votes[subject.case_id] = lines
            self._names[subject.case_id] = name
        table.setColumnStretch(4, 1)
        return card(table)


def _prefill(line: LineField, key: str, subject: Subject) -> None:
    ballot = subject.ballot
    if ballot is not None:
        line.show_value(ballot.recused if key == "recused" else getattr(ballot.vote, key))
