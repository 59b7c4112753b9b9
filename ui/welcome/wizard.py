"""The set-up of a new desk, one question a page."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.fields.editor import NextOnEnter
from ui.jobs import Jobs
from ui.messages import Messages
from ui.page import label, set_tone
from ui.welcome.answers import SetUp
from ui.welcome.policy_step import PolicyStep
from ui.welcome.questions import Questions
from ui.welcome.village_step import VillageStep
from villagedesk.text import Text, say

_STEPS: tuple[tuple[Text, Text], ...] = (
    (say("Village"), say("Which village does this desk serve?")),
    (say("Policy"), say("Under which policy does the village work?")),
    (say("Passphrase"), say("Who works here, and what locks the desk?")),
    (say("Recovery sheet"), say("Put the recovery key away.")),
)


class SetUpWizard(Questions):
    """Asks for village and policy; ``make_wanted`` carries a SetUp."""

    def __init__(self, jobs: Jobs, messages: Messages, parent: QWidget | None = None) -> None:
        self.village, self.policy = VillageStep(jobs), PolicyStep(jobs)
        questions = [question for _title, question in _STEPS]
        super().__init__(messages, (self.village, self.policy), questions, say("Make the desk"), parent)
        self._marks = [label(f"{n}  {title}", "", badge=True) for n, (title, _) in enumerate(_STEPS, 1)]
        marks = QHBoxLayout()
        for mark in self._marks:
            marks.addWidget(mark)
        marks.addStretch(1)
        self.assemble(marks)
        self._enter = NextOnEnter(self)
        self._enter.watch(self.secret)
        self.village.entered.connect(self.next.click)
        self.show_step(0)

    @property
    def answers(self) -> SetUp | None:
        """What was answered, None while something is missing."""
        village = self.village.answer
        if village is None or not self.policy.answer or not self.secret.complete:
            return None
        return SetUp(village, self.policy.answer, self.secret.author, self.secret.folder, self.secret.passphrase)

    def show_step(self, step: int) -> None:
        """Show one question, and how far one is."""
        super().show_step(step)
        for number, mark in enumerate(self._marks):
            set_tone(mark, "ok" if number < step else "")
            mark.setEnabled(number <= step)
            font = mark.font()
            font.setBold(number == step)
            mark.setFont(font)

    def answered(self, step: int) -> bool:
        """Whether the village, or the policy, is chosen."""
        return bool(self.policy.answer) if step else self.village.answer is not None

    def make(self) -> None:
        """Let the desk be made."""
        self.make_wanted.emit(self.answers)

    def go_on(self, step: int) -> None:
        """The village proposes its policy and the name of its folder."""
        village = self.village.answer
        if village is not None:
            self.policy.propose(village.code)
            self.secret.propose(village.name)
            self.show_step(step + 1)
