"""Fields that two sides changed without knowing of each other: both values, who, when, and on which papers they rest.

A person decides; below stand the latest decisions with the values that were not chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from ui import style
from ui.choice import Choice
from ui.context import Context, HubContext
from ui.exchange.proofs import ProofDialog
from ui.households.words import label_of, time_word, value_word
from ui.page import Page, button, card, label, row, scrolled
from ui.stack import Sheets
from ui.tables import EmptyState
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.drafts.household import HouseholdDraft
    from villagedesk.policy.codes import CodeBook
    from villagedesk.services.conflict_papers import ConflictPapers, Proof
    from villagedesk.services.conflicts import Candidate, Conflict, Decision

_MOST = 8  # papers shown of one side
_SIGNS = {"photo": "eye"}


class ConflictsPage(Page):
    """One card a conflict."""

    def __init__(self, context: Context | HubContext) -> None:
        super().__init__(
            tr("Conflicts"), tr("Nothing was lost: every value stays in the history, whichever you choose.")
        )
        self._context: Any = context
        self._body = Sheets()
        self._body.addWidget(
            EmptyState(tr("No conflicts: both sides say the same. After each exchange new ones stand here."))
        )
        self.column.addWidget(self._body, 1)

    def show_place(self, **_place: Any) -> None:
        """Show the open conflicts, and what was decided last."""
        conflicts, decisions = self._found(), self._decisions()
        old = self._body.widget(1)
        if old is not None:
            self._body.removeWidget(old)
            old.deleteLater()
        cards = [self._card(one) for one in conflicts]
        if decisions:
            cards.append(self._decided(decisions))
        if cards and not conflicts:
            cards.insert(0, label(tr("No conflicts. Both sides say the same."), wrap=True))
        if cards:
            self._body.addWidget(scrolled(*cards))
        self._body.setCurrentIndex(1 if cards else 0)

    def _found(self) -> Sequence[Conflict]:
        found: Sequence[Conflict] = self._context.desk.sync.conflicts()
        return found

    def _decisions(self) -> Sequence[Decision]:
        found: Sequence[Decision] = self._context.desk.sync.decisions()
        return found

    def _papers(self, conflict: Conflict) -> ConflictPapers:
        del conflict
        papers: ConflictPapers = self._context.desk.conflict_papers
        return papers

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
        proofs = self._papers(conflict).of(conflict)
        shown: set[str] = set()
        for number, candidate in enumerate(conflict.candidates):
            choice = Choice(value_word(conflict.field, candidate.value, self._codes()), _written_by(candidate))
            group.addButton(choice.button, number)
            choices.addWidget(choice)
            if candidate.device not in shown:  # one laptop can stand on both sides
                choices.addWidget(self._proofs(conflict, proofs.get(candidate.device, ())))
            shown.add(candidate.device)
        parts: list[QWidget] = [holder]
        if proofs.get(""):
            parts += [label(tr("Papers that both sides knew"), "hint"), self._proofs(conflict, proofs[""])]
        if conflict.field == "one_person":
            said = tr("Two people: what was put together is taken apart again. One person: it stays as it is now.")
            parts.append(label(said, "hint", wrap=True))
        decide = button(say("This value holds"), "ok", partial(self._on_decide, conflict, group), kind="primary")
        look = button(say("Household file"), "households", partial(self._on_open, conflict), kind="link")
        return card(*parts, row(decide, look), heading=f"{self._whose(conflict)}    {label_of(conflict.field)}")

    def _proofs(self, conflict: Conflict, proofs: Sequence[Proof]) -> QWidget:
        """A link for each paper, indented below the value that it stands for."""
        holder = QWidget()
        line = row(*(button(_title(one), _SIGNS.get(one.kind, "notices"), partial(self._on_proof, conflict, one),
                            kind="link") for one in proofs[:_MOST]))  # fmt: skip
        holder.setLayout(line)
        holder.setContentsMargins(style.letters() * 2, 0, 0, 0)
        holder.setVisible(bool(proofs))
        return holder

    def _decided(self, decisions: Sequence[Decision]) -> QWidget:
        lines = (label(self._decision_words(one), wrap=True) for one in decisions)
        return card(*lines, heading=tr("Decided last; the values not chosen stay in the history"))

    def _decision_words(self, one: Decision) -> str:
        field, codes = one.conflict.field, self._codes()
        lost = [f"{value_word(field, each.value, codes)} ({each.author or '—'})" for each in one.lost]
        return tr(
            "{whose}  {field}: {chosen} holds, not chosen: {lost}  —  {who}, {when}, {why}",
            whose=self._whose(one.conflict), field=label_of(field), chosen=value_word(field, one.chosen, codes),
            lost="、".join(lost) or "—", who=one.author or "—", when=time_word(one.at), why=one.reason,
        )  # fmt: skip

    def _whose(self, conflict: Conflict) -> str:
        try:
            household = self._household(conflict.household_id)
        except VillageDeskError:
            return ""
        member = next((one for one in household.members if one.id == conflict.member_id), household.head)
        return tr("No. {no} {name}", no=household.no, name=member.name if member else "")

    def _on_decide(self, conflict: Conflict, group: QButtonGroup) -> None:
        number = group.checkedId()
        if number < 0:
            self._context.messages.tell(say("Choose the value that holds."), "warn")
            return
        chosen = conflict.candidates[number]
        with self._context.messages.telling():
            change = self._decide(conflict, chosen.hash)
            self._context.tell_change(change, self)
            self.show_place()
            shown = self._body.currentWidget()
            rest = shown.findChildren(QRadioButton) if shown else []
            if rest:
                rest[0].setFocus()  # the keys go on with the next conflict
            self._context.messages.tell(say("Decided. The other values stay in the history."), "ok")

    def _on_proof(self, conflict: Conflict, proof: Proof) -> None:
        with self._context.messages.telling():
            data = self._papers(conflict).read(proof)
            self._context.messages.show_dialog(ProofDialog(_title(proof), data, proof.media_type, self))

    def _on_open(self, conflict: Conflict) -> None:
        self._context.navigator.go("household", household_id=conflict.household_id)


def _written_by(candidate: Candidate) -> str:
    return tr("{who}, {when}, {why}", who=candidate.author or "—", when=time_word(candidate.at),
              why=candidate.reason)  # fmt: skip


def _title(proof: Proof) -> str:
    """The paper, its day, and whether it bears ink."""
    if proof.signed:
        return tr("{title}, {day}, signed", title=proof.title, day=proof.day or "—")
    return tr("{title}, {day}", title=proof.title, day=proof.day) if proof.day else proof.title
