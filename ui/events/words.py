"""Events as lists show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from villagedesk import divisions
from villagedesk.desk import Desk
from villagedesk.drafts.event import EventDraft
from villagedesk.errors import Refused
from villagedesk.services.event_words import kind_word


@dataclass(frozen=True)
class EventLine:
    """One event in words."""

    event: EventDraft
    day: str
    what: str
    households: str
    persons: str
    proof: str


def event_lines(desk: Desk, events: Iterable[EventDraft]) -> tuple[EventLine, ...]:
    """The events in words, newest first."""
    found = tuple(events)
    people = {member_id for event in found for member_id in event.member_ids}
    homes = {home for event in found for home in (event.household_id, event.other_id) if home}
    names, numbers = desk.events.names(people, homes)
    return tuple(_line(event, names, numbers) for event in reversed(found))


def _line(event: EventDraft, names: Mapping[str, str], numbers: Mapping[str, str]) -> EventLine:
    persons = "、".join(names[each] for each in event.member_ids if each in names)
    homes = [numbers.get(home, "") for home in (event.household_id, event.other_id) if home]
    if event.other_village:
        elsewhere = f"{_village(event.other_village)} {event.other_no}"
        homes = [homes[0], elsewhere] if event.closed else [elsewhere, homes[0]]
    proof = "  ".join(filter(None, (event.document, event.note)))
    day = event.happened_on.isoformat() if event.happened_on else ""
    return EventLine(event, day, str(kind_word(event.kind)), " → ".join(homes), persons, proof)


def _village(code: str) -> str:
    try:
        return divisions.village(code).short_name
    except Refused:
        return code
