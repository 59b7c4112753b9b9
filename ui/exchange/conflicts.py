"""Fields that two sides changed without knowing of each other: both values, who and when; a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QStackedWidget, QVBoxLayout, QWidget

from ui.context import Context, HubContext
from ui.households.words import label_of, time_word, value_word
from ui.page import Page, button, card, row, scrolled
from ui.tables import EmptyState
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.drafts.household import HouseholdDraft
    from villagedesk.policy.codes import CodeBook
    from villagedesk.services.sync import Candidate, Conflict


class ConflictsPage(Page):
    """One card a conflict."""

    def __init__(self, context: Context | HubContext) -> None:
        super().__init__(
            tr("Conflicts"), tr("Nothing was lost: every value stays in the history, whichever you choose.")
        )
        self._context: Any = context
        self._body = QStackedWidget()
        self._body.addWidget(EmptyState(tr("No conflicts. Both sides say the same.")))
        self.column.addWidget(self._body, 1)

    def show_place(self, **_place: Any) -> None:
        """Show the open conflicts."""
        conflicts = self._found()
        old = self._body.widget(1)
        if old is not None:
            self._body.removeWidget(old)
            old.deleteLater()
        if conflicts:
            self._body.addWidget(scrolled(*(self._card(one) for one in conflicts)))
        self._body.setCurrentIndex(1 if conflicts else 0)

    def _found(self) -> Sequence[Conflict]:
        found: Sequence[Conflict] = self._context.desk.sync.conflicts()
        return found

    def _codes(self) -> CodeBook:
        codes: CodeBook = self._context.desk.profile.codes
        return codes

    def _household(self, household_id: str) -> HouseholdDraft:
        household: HouseholdDraft = self._context.desk.households.get(household_id)
        return household

    def _decide(self, conflict: Conflict, hash_: str) -> Any:
        return self._context.desk.sync.decide(
            conflict.kind, conflict.record_id, conflict.field, hash_, tr("decided in the window")
        )

    def _card(self, conflict: Conflict) -> QWidget:
        holder = QWidget()
        group = QButtonGroup(holder)
        choices = QVBoxLayout(holder)
        choices.setContentsMargins(0, 0, 0, 0)
        for number, candidate in enumerate(conflict.candidates):
            choice = QRadioButton(self._words(conflict, candidate))
            group.addButton(choice, number)
            choices.addWidget(choice)
        decide = button(say("This value holds"), "ok", partial(self._on_decide, conflict, group), kind="primary")
        look = button(say("Household file"), "households", partial(self._on_open, conflict), kind="link")
        return card(holder, row(decide, look), heading=f"{self._whose(conflict)}    {label_of(conflict.field)}")

    def _words(self, conflict: Conflict, candidate: Candidate) -> str:
        value = value_word(conflict.field, candidate.value, self._codes())
        return tr(
            "{value}    —    {who}, {when}, {why}",
            value=value,
            who=candidate.author or "—",
            when=time_word(candidate.at),
            why=candidate.reason,
        )

    def _whose(self, conflict: Conflict) -> str:
        try:
            household = self._household(conflict.household_id)
        except VillageDeskError:
            return ""
        member = next((one for one in household.members if one.id == conflict.record_id), household.head)
        return tr("No. {no} {name}", no=household.no, name=member.name if member else "")

    def _on_decide(self, conflict: Conflict, group: QButtonGroup) -> None:
        number = group.checkedId()
        if number < 0:
            self._context.messages.tell(say("Choose the value that holds."), "warn")
            return
        chosen = conflict.candidates[number]
        try:
            change = self._decide(conflict, chosen.hash)
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return
        self._context.tell_change(change, self)
        self.show_place()

    def _on_open(self, conflict: Conflict) -> None:
        self._context.navigator.go("household", household_id=conflict.household_id)
