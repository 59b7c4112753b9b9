"""What somebody opened lately: household files, plans, exits. Kept in the encrypted desk, by person, as ids alone.

Before the passphrase nothing of it can be read, and a page that his role does not have is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.pages import PageSet
from villagedesk.text import tr

if TYPE_CHECKING:
    from villagedesk.desk import Desk

NOTED = ("household", "plan", "exits")
"""The pages that show one household."""

_SETTING = "opened_lately"
_KEPT = 12


@dataclass(frozen=True)
class Visited:
    """A page of one household, and what to call it."""

    page: str
    household_id: str
    text: str


class Recent:
    """The pages that whoever is at the keyboard opened lately, the last one first."""

    def __init__(self, desk: Desk, pages: PageSet) -> None:
        self._desk = desk
        self._pages = pages

    def note(self, page: str, place: Mapping[str, Any]) -> None:
        """Put a page that shows one household first."""
        household_id = str(place.get("household_id") or "")
        if page in NOTED and household_id:
            here = (page, household_id)
            stored = self._stored()
            if stored[:1] != [here]:
                mine = [here, *(each for each in stored if each != here)][:_KEPT]
                everybody: Mapping[str, Any] = self._desk.site.store.setting(_SETTING, {})
                self._desk.site.store.keep_setting(_SETTING, {**everybody, self._desk.author: mine})

    def rows(self, limit: int = _KEPT) -> Sequence[Visited]:
        """What still exists of it, as it is called today."""
        stored = [(page, key) for page, key in self._stored() if self._pages.has(page)][:limit]
        ids = list(dict.fromkeys(key for _, key in stored))
        known = {row.id: row for row in self._desk.lists.household_rows(ids) if row is not None} if ids else {}
        return [
            Visited(
                page, key,
                tr("{page}: {head}    {group}    No. {no}", page=self._pages.kind_of(page).title,
                   head=known[key].head or "—", group=known[key].group, no=known[key].no),
            )
            for page, key in stored if key in known
        ]  # fmt: skip

    def _stored(self) -> list[tuple[str, str]]:
        everybody: Mapping[str, Any] = self._desk.site.store.setting(_SETTING, {})
        return [(page, key) for page, key in everybody.get(self._desk.author, ())]
