"""The helpers as a list: what is known of each, since when, until when, for how many households (DOMAIN §4.2 F)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from villagedesk.drafts.team import HelperDraft, PairingDraft
from villagedesk.errors import Usage
from villagedesk.exchange.workbook import TextTable, write_text_tables
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site
from villagedesk.store import pinyin
from villagedesk.text import say

FILTERS = ("unit", "roles", "running")
_LISTED = ", ".join(FILTERS)


@dataclass(frozen=True, slots=True)
class HelperRow:
    """A helper in a list. ``starts_on``: of the first pairing; ``ends_on``: of the last, None before that day."""

    helper: HelperDraft
    households: int  # paired with today
    starts_on: date | None
    ends_on: date | None

    @property
    def id(self) -> str:
        """The helper's record."""
        return self.helper.id

    def value(self, name: str) -> Any:
        """What a filter compares; several for the roles."""
        return ("1" if self.households else "0") if name == "running" else getattr(self.helper, name)


SORTS: Mapping[str, Callable[[HelperRow], tuple[Any, ...]]] = {
    "name": lambda row: tuple(pinyin.readings(char)[0] for char in row.helper.name),
    "unit": lambda row: (row.helper.unit, row.helper.name),
    "households": lambda row: (row.households, row.helper.name),
    "starts_on": lambda row: (row.starts_on or date.min, row.helper.name),
}
"""Orders of the list."""


class HelperList:
    """Who helps, asked as the other lists are."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def ids(self, where: Mapping[str, object] | None = None, sort: str = "name") -> tuple[str, ...]:
        """The helpers that meet the filter, in order. Raises Usage for a filter or order that does not exist."""
        unknown = next((name for name in where or {} if name not in FILTERS), "")
        if unknown:
            text = say("The list cannot be filtered by “{name}”. Use one of: {known}.", name=unknown, known=_LISTED)
            raise Usage(text)
        if sort not in SORTS:
            known = ", ".join(SORTS)
            raise Usage(say("The list cannot be sorted by “{sort}”. Use one of: {known}.", sort=sort, known=known))
        kept = [row for row in self._all() if all(_meets(row.value(name), one) for name, one in (where or {}).items())]
        return tuple(row.id for row in sorted(kept, key=SORTS[sort]))

    def rows(self, ids: Sequence[str]) -> tuple[HelperRow, ...]:
        """The rows of these helpers, in the order given."""
        by_id = {row.id: row for row in self._all()}
        return tuple(by_id[one] for one in ids if one in by_id)

    def values_of(self, name: str) -> tuple[tuple[str, int], ...]:
        """The values of a filter, with how many helpers have each."""
        counts: dict[str, int] = {}
        for row in self._all():
            found = row.value(name)
            for one in found if isinstance(found, tuple) else (found,):
                counts[one] = counts.get(one, 0) + 1
        return tuple(sorted(counts.items()))

    def write(self, headings: Sequence[str], lines: Sequence[Sequence[str]], target: Path) -> int:
        """Write a list as it is shown, every cell a text; returns its number of lines."""
        site = self._site
        table = TextTable(site.profile.terms.helper, headings, [16.0] * len(headings), lines)
        notes = (("数据日期", site.today().isoformat()), ("村代码", site.village))
        write_text_tables(target, [table], notes, site.store.clock())
        return len(lines)

    def _all(self) -> tuple[HelperRow, ...]:
        with self._site.store.read() as connection:
            helpers, pairings = (
                load_where(connection, kind, RECORDS[kind].table.c.village == self._site.village).values()
                for kind in ("helper", "pairing")
            )
        mine: dict[str, list[PairingDraft]] = {}
        for pairing in pairings:
            mine.setdefault(pairing.helper_id, []).append(pairing)
        return tuple(_row(helper, mine.get(helper.id, []), self._site.today()) for helper in helpers)


def _row(helper: HelperDraft, pairings: Sequence[PairingDraft], today: date) -> HelperRow:
    unended = [one for one in pairings if one.ends_on is None or one.ends_on > today]
    running = [one for one in unended if one.starts_on is None or one.starts_on <= today]
    starts = [one.starts_on for one in pairings if one.starts_on]
    ends = [one.ends_on for one in pairings if one.ends_on]
    return HelperRow(
        helper=helper,
        households=len({one.household_id for one in running}),
        starts_on=min(starts, default=None),
        ends_on=max(ends, default=None) if not unended else None,
    )


def _meets(found: Any, wanted: object) -> bool:
    return wanted in found if isinstance(found, tuple) else found == wanted
