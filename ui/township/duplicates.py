"""Persons who seem to stand in the files twice, in two villages or one, decided by the township."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ui.context import HubContext
from ui.exchange.doubles import DoublesPage
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.services.adjudication import Duplicate, Entry


class DuplicatesPage(DoublesPage):
    """As a village sees its own, with the village's name."""

    found_page = "file"

    def __init__(self, context: HubContext) -> None:
        self._names: dict[str, str] = {}
        super().__init__(
            context, tr("Entered twice"), tr("Ask the villages before you decide; the reason stays in the history."),
            tr("Nobody seems to stand in the files twice. Whenever files are taken in, this is looked at anew."),
        )  # fmt: skip

    def _cases(self) -> Sequence[Duplicate]:
        self._names = self._context.hub.review.names()
        cases: Sequence[Duplicate] = self._context.hub.acts.duplicates()
        return cases

    def _same(self, case: Duplicate, stays: str, reason: str) -> Any:
        hub = self._context.hub
        return hub.acts.judge_same(case, stays, hub.review.today(), reason)

    def _different(self, case: Duplicate, reason: str) -> Any:
        return self._context.hub.acts.judge_different(case, reason)

    def _place_words(self, entry: Entry) -> str:
        return tr("{village}, household {no}", village=self._names.get(entry.village, entry.village),
                  no=entry.household_no)  # fmt: skip

    def _done_words(self) -> Text:
        return say("Decided. Each village gets its part with its next reply.")
