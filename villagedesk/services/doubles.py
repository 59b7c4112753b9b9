"""Persons who seem to stand twice in the files of this village, decided at the desk (issue 6)."""

from __future__ import annotations

from datetime import date

from villagedesk.services.adjudication import (
    CLOSED,
    TOGETHER,
    Duplicate,
    demand_closable,
    demand_reason,
    end_entry,
    open_cases,
)
from villagedesk.services.consent import voluntary
from villagedesk.services.likeness import APART, answer
from villagedesk.services.site import Site
from villagedesk.store.work import Change


class Doubles:
    """The cases of one village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def all(self) -> tuple[Duplicate, ...]:
        """Every case that nobody has settled."""
        with self._site.store.read() as connection:
            return open_cases(connection, self._site.village)

    def same(self, found: Duplicate, stays: str, on: date, reason: str) -> Change:
        """One person, who stays in the entry with the member id ``stays``; one step that can be taken back.

        Another entry of the same household is put together with it, one of another household leaves its file. Raises
        Refused without a reason, or when an entry to be ended is a head.
        """
        demand_reason(reason)
        demand_closable(found, stays)
        kept = next(entry for entry in found.entries if entry.member_id == stays)
        others = [entry for entry in found.entries if entry != kept]
        verb = TOGETHER if any(entry.household_id == kept.household_id for entry in others) else CLOSED
        homes = [entry.household_id for entry in found.entries]
        with self._site.store.work(verb, reason) as work, voluntary(work, self._site.profile, homes):
            for entry in others:
                end_entry(work, entry, kept, on)
            answer(work, self._site.village, found.pairs_with(stays), one_person=True)
        return work.change

    def different(self, found: Duplicate, reason: str) -> Change:
        """They are two people who look alike. Raises Refused without a reason."""
        demand_reason(reason)
        with self._site.store.work(APART, reason) as work:
            answer(work, self._site.village, found.pairs, one_person=False)
        return work.change
