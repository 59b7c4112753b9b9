"""The village's registers: plan, facilities and who keeps them, people who stand by it, meetings, what was bought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from villagedesk.drafts.village import ActivityDraft, ContactDraft, FacilityDraft, PurchaseDraft, VillagePlanDraft
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import Text, say

D = TypeVar("D", VillagePlanDraft, FacilityDraft, ContactDraft, ActivityDraft, PurchaseDraft)

KINDS: Mapping[type, str] = MappingProxyType(
    {
        VillagePlanDraft: "village_plan",
        FacilityDraft: "facility",
        ContactDraft: "contact",
        ActivityDraft: "activity",
        PurchaseDraft: "purchase",
    }
)
_NEEDED: Mapping[type, tuple[tuple[str, Text], ...]] = MappingProxyType(
    {
        VillagePlanDraft: (("year", say("Enter the year.")), ("goals", say("Write down what the village wants."))),
        FacilityDraft: (("kind", say("Choose what it is.")), ("name", say("Give it a name."))),
        ContactDraft: (("kind", say("Choose what it is.")), ("name", say("Give the name."))),
        ActivityDraft: (
            ("kind", say("Choose what it is.")),
            ("title", say("Write down what it was about.")),
            ("held_on", say("Enter the day.")),
        ),
        PurchaseDraft: (
            ("bought_on", say("Enter the day.")),
            ("buyer", say("Write down who bought.")),
            ("goods", say("Write down what was bought.")),
        ),
    }
)


class VillageBook:
    """The registers of this desk's village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def all(self, form: type[D]) -> tuple[D, ...]:
        """Every entry of a register, in order of entry; plans the newest first."""
        kind = KINDS[form]
        with self._site.store.read() as connection:
            found = load_where(connection, kind, RECORDS[kind].table.c.village == self._site.village).values()
        entries: tuple[D, ...] = tuple(found)
        if form is VillagePlanDraft:
            return tuple(sorted(entries, key=lambda each: (-getattr(each, "year", 0), getattr(each, "horizon", ""))))
        return entries

    def save(self, draft: D, reason: str) -> Change:
        """Save an entry. Raises Refused naming what is missing or cannot be, Stale when it was saved elsewhere."""
        kind, problems = KINDS[type(draft)], list(_problems(draft, self._site.today()))
        if problems:
            raise Refused(problems)
        with self._site.store.work(f"{kind}.save", reason) as work:
            work.put_draft(kind, self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def remove(self, draft: D, reason: str) -> Change:
        """Take an entry off its register; the history keeps it."""
        kind = KINDS[type(draft)]
        with self._site.store.work(f"{kind}.remove", reason) as work:
            work.remove(kind, draft.id)
        return work.change


def _problems(draft: Any, today: Any) -> Iterator[Problem]:
    for field, text in _NEEDED[type(draft)]:
        value = getattr(draft, field)
        if not (value.strip() if isinstance(value, str) else value):
            yield Problem(text, field)
    for field in ("held_on", "bought_on", "checked_on", "agreed_on", "effect_on"):
        day = getattr(draft, field, None)
        if day is not None and day > today:
            yield Problem(say("The day lies in the future. Correct the date."), field)
    if getattr(draft, "amount", 0) < 0:
        yield Problem(say("An amount cannot be below zero."), "amount")
    starts, ends = getattr(draft, "starts_on", None), getattr(draft, "ends_on", None)
    if starts and ends and ends < starts:
        yield Problem(say("It ends before it begins."), "ends_on")
