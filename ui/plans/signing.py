"""The household signs its plan: what it says of each line, who signed, and when."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.fields.yesno import YesNoField
from ui.page import button, label, row
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.text import say, tr

_OPEN = frozenset({"planned", "active"})


class AnswerRow(FieldRow):
    """What the household says of one line of its plan."""

    def __init__(self, line: str) -> None:
        self.answer = YesNoField(words=(tr("Agreed to"), tr("Does not want it"), tr("Not asked")))
        super().__init__(line, self.answer)


class PlanSigning(QFrame):
    """Asks for the household's answer to every line; ``verb_wanted`` carries the call that writes it down."""

    verb_wanted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._context = context
        self._plan = PlanDraft()
        self.answers: dict[str, AnswerRow] = {}
        self.signer, self.day, self.words = text_field(), date_field(), text_field()
        self._by, self._on = FieldRow(tr("Signed by"), self.signer), FieldRow(tr("Signed on"), self.day)
        self._lines = QVBoxLayout()
        column = QVBoxLayout(self)
        gap = style.letters()
        column.setContentsMargins(gap, gap * 3 // 4, gap, gap)
        column.setSpacing(gap * 2 // 3)
        column.addWidget(label(tr("The household signs"), "heading"))
        column.addWidget(label(
            tr("Copy from the signed paper what the household said of each line. What it does not want never begins "
               "and costs it nothing else."), "hint", wrap=True,
        ))  # fmt: skip
        column.addLayout(self._lines)
        further = FieldRow(tr("Anything else it does not agree to"), self.words)
        column.addLayout(grid([self._by, self._on, (further, 2)], 4))
        column.addLayout(row(
            button(say("All lines agreed to"), "", self.agree_to_all),
            button(say("Household has signed"), "ok", self.sign, kind="primary"),
        ))  # fmt: skip
        self._enter = NextOnEnter(self)

    def show_plan(self, plan: PlanDraft, head: str) -> None:
        """Ask about another plan; nothing while it is not saved, or signed already. ``head`` signs as a rule."""
        self._plan = plan
        self.setVisible(bool(plan.id) and plan.agreed_on is None)
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.answers = {each.id: self._question(each) for each in plan.measures if each.state in _OPEN}
        self.signer.show_value(head)
        self.day.show_value(self._context.desk.site.today())
        self.words.show_value(plan.refused_part)
        self._enter.watch(self)

    def agree_to_all(self) -> None:
        """The household signed the plan as it stands."""
        for line in self.answers.values():
            line.answer.show_value(True)

    def ask(self) -> None:
        """Put the cursor where the first answer is missing."""
        open_ = (line.answer for line in self.answers.values() if line.answer.value() is None)
        (next(open_, None) or self.signer).setFocus()

    def sign(self) -> None:
        """Write the answers down; a line without one is shown."""
        said = {key: line.answer.value() for key, line in self.answers.items()}
        missing = tr("Enter whether the household agrees to this line.")
        for key, line in self.answers.items():
            line.show_problem(missing if said[key] is None else "")
        on = self.day.value()
        self._on.show_problem(self.day.complaint() or ("" if on else tr("Enter the day of the signature.")))
        if on is None or None in said.values():
            self.ask()
            return
        plan_id, signer, words = self._plan.id, self.signer.value(), self.words.value()
        refused = [key for key, answer in said.items() if answer is False]
        self.verb_wanted.emit(lambda desk: desk.plans.agree(plan_id, signer, on, words, tr("signed on paper"), refused))

    def _question(self, measure: MeasureDraft) -> AnswerRow:
        kinds = self._context.desk.profile.measures
        kind = kinds[measure.category].title if measure.category in kinds else measure.category
        line = AnswerRow(tr("{kind}: {content}", kind=kind, content=measure.content))
        self._lines.addWidget(line)
        return line
