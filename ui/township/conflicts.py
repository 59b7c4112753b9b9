"""The conflicts of all villages, decided by the township where a village asks it to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ui.context import HubContext
from ui.exchange.conflicts import ConflictsPage
from villagedesk.text import tr

if TYPE_CHECKING:
    from villagedesk.drafts.household import HouseholdDraft
    from villagedesk.policy.codes import CodeBook
    from villagedesk.services.conflict_papers import ConflictPapers
    from villagedesk.services.conflicts import Conflict, Decision


class HubConflictsPage(ConflictsPage):
    """As a village sees its own, with the village's name."""

    _context: Any

    def __init__(self, context: HubContext) -> None:
        super().__init__(context)
        self._names: dict[str, str] = {}

    def _found(self) -> Sequence[Conflict]:
        self._names = self._context.hub.review.names()
        found: Sequence[Conflict] = self._context.hub.township.conflicts()
        return found

    def _decisions(self) -> Sequence[Decision]:
        found: Sequence[Decision] = self._context.hub.township.decisions()
        return found

    def _papers(self, conflict: Conflict) -> ConflictPapers:
        review = self._context.hub.review  # an answer on people of two villages is kept with neither
        papers: ConflictPapers = review.conflict_papers(review.village_of(conflict.household_id) or conflict.village)
        return papers

    def _codes(self) -> CodeBook:
        codes: CodeBook = self._context.hub.review.codes
        return codes

    def _household(self, household_id: str) -> HouseholdDraft:
        household: HouseholdDraft = self._context.hub.review.household(household_id)
        return household

    def _decide(self, conflict: Conflict, hash_: str) -> Any:
        return self._context.hub.acts.decide(conflict.village, conflict, hash_, tr("decided by the township"))

    def _whose(self, conflict: Conflict) -> str:
        return f"{self._names.get(conflict.village, conflict.village)}    {super()._whose(conflict)}"

    def _on_open(self, conflict: Conflict) -> None:
        self._context.navigator.go("file", household_id=conflict.household_id)
