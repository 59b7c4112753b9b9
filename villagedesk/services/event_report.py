"""Counts of a year and the list frozen at its end, both from events alone (DOMAIN §5.2, PEERS 51).

A person's places over a year are a chain: where the last frozen list had the person, the step of each event, where the
person is at the end. Steps are counted by kind; a break between two steps is an entry or a deletion made without an
event (roster, form). Each chain telescopes, so a report adds up whatever happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from villagedesk.drafts.event import EventDraft
from villagedesk.errors import Refused
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services.event_course import FLOWS, IN, NONE, OUT
from villagedesk.services.site import Site
from villagedesk.services.year_lists import SNAPSHOT, last_frozen
from villagedesk.store.bulk import chunks
from villagedesk.store.work import Work
from villagedesk.text import say

ENTERED, STRUCK = "entered", "struck"
"""Came or went without an event: by roster, form, or the deletion of a mistaken entry."""


@dataclass(frozen=True)
class Balance:
    """What was there, what came and went by kind of event, what is there at the end."""

    start: int
    came: Mapping[str, int]
    went: Mapping[str, int]
    end: int

    @property
    def adds_up(self) -> bool:
        """Whether the counts lead from the beginning to the end."""
        return self.start + sum(self.came.values()) - sum(self.went.values()) == self.end


@dataclass(frozen=True)
class Report:
    """A year's changes. ``within`` counts persons who went from one household of the desk to another."""

    year: int
    households: Balance  # came: split, unmerge, entered; went: merge, death, moved_…, left_village, removed, struck
    persons: Balance  # came: birth, marriage_in, moved_in, entered; went: death, marriage_out, moved_out, …
    within: int
    frozen: bool  # the end is the year-end list, not today's state


@dataclass(frozen=True)
class Standing:
    """Who belonged where at one moment: person → household, household → head."""

    persons: Mapping[str, str]
    heads: Mapping[str, str]


def in_order(event: EventDraft) -> tuple[int, date, str]:
    """Sorts events as they happened; the id is a time too and settles a day."""
    return event.year, event.happened_on or date.min, event.id


def events(connection: Connection, village: str, year: int = 0) -> tuple[EventDraft, ...]:
    """The events of the village in order, without year-end lists; of one year or of all (0)."""
    table = RECORDS["event"].table
    of_year = [table.c.year == year] if year else []
    found = load_where(connection, "event", table.c.village == village, table.c.kind != SNAPSHOT, *of_year)
    return tuple(sorted(found.values(), key=in_order))


def frozen(connection: Connection, village: str, year: int) -> tuple[EventDraft, ...]:
    """The year-end list, a record a household."""
    table = RECORDS["event"].table
    of_year = (table.c.village == village, table.c.kind == SNAPSHOT, table.c.year == year)
    return tuple(load_where(connection, "event", *of_year).values())


def called(connection: Connection, kind: str, ids: Iterable[str]) -> Mapping[str, str]:
    """What members (name) or households (number) are called, removed ones too."""
    table = RECORDS[kind].table
    column = table.c.name if kind == "member" else table.c.no
    found: dict[str, str] = {}
    for chunk in chunks(tuple(ids)):
        rows = connection.execute(select(table.c.id, column).where(table.c.id.in_(chunk)))
        found.update({row[0]: row[1] for row in rows})
    return found


def state_before(connection: Connection, household_id: str) -> str:
    """The poverty state a suspended household had before; "" when it is not known."""
    table = RECORDS["event"].table
    found = load_where(connection, "event", table.c.household_id == household_id, table.c.kind == "suspended")
    last = max(found.values(), key=in_order, default=None)
    return last.state_before if last else ""


def report(connection: Connection, village: str, year: int) -> Report:
    """The report of a year; its end is the frozen list where there is one, else what follows from the events."""
    log = events(connection, village)
    end, last = _end(connection, village, year, log), _frozen(connection, village, year - 1)
    mine = [event for event in log if event.year == year]
    start = last or _rolled_back(end, mine)
    persons = _balance(start.persons, end.persons, _person_steps(mine))
    households = _balance(start.heads, end.heads, _household_steps(mine))
    within = sum(len(event.member_ids) for event in mine if FLOWS[event.kind] not in {IN, OUT, NONE})
    return Report(year, households, persons, within, _frozen(connection, village, year) is not None)


def freeze(site: Site, work: Work, year: int) -> None:
    """Write the year-end list. Raises Refused before the year is over, twice, or behind a later one."""
    if site.today() < date(year, 12, 31):
        raise Refused(say("The year {year} is not over yet. Freeze its list after 31 December.", year=year))
    if last_frozen(work.connection, site.village) >= year:
        raise Refused(say("The list of {year} or of a later year is frozen already.", year=year))
    log = events(work.connection, site.village)
    standing = _end(work.connection, site.village, year, log)
    by_household: dict[str, list[str]] = {household: [] for household in standing.heads}
    for person, household in standing.persons.items():
        by_household.setdefault(household, []).append(person)
    for household, members in by_household.items():
        draft = EventDraft(
            id=derived_id("event", SNAPSHOT, household, year),
            kind=SNAPSHOT,
            happened_on=date(year, 12, 31),
            year=year,
            household_id=household,
            member_ids=tuple(members),
            heads=((household, "", standing.heads[household]),),
        )
        work.put_draft("event", site.village, draft)


def _frozen(connection: Connection, village: str, year: int) -> Standing | None:
    lists = frozen(connection, village, year)
    if not lists:
        return None
    persons = {person: each.household_id for each in lists for person in each.member_ids}
    return Standing(persons, {each.household_id: each.heads[0][2] for each in lists})


def _end(connection: Connection, village: str, year: int, log: Sequence[EventDraft]) -> Standing:
    known = _frozen(connection, village, year)
    return known or _rolled_back(_now(connection, village), [event for event in log if event.year > year])


def _now(connection: Connection, village: str) -> Standing:
    member, household = RECORDS["member"].table, RECORDS["household"].table
    open_file = (household.c.village == village, household.c.removed.is_(False))
    living = (member.c.removed.is_(False), member.c.left_on.is_(None), *open_file)
    query = select(member.c.id, member.c.household_id, member.c.relation).join_from(
        member, household, member.c.household_id == household.c.id
    )
    rows = connection.execute(query.where(*living).order_by(member.c.n)).all()
    heads = dict.fromkeys(
        connection.execute(select(household.c.id).where(*open_file).order_by(household.c.n)).scalars(), ""
    )
    heads.update({row.household_id: row.id for row in rows if row.relation == "01"})
    return Standing({row.id: row.household_id for row in rows}, heads)


def _rolled_back(end: Standing, later: Sequence[EventDraft]) -> Standing:
    """The standing before ``later`` happened: of each person and household the earliest step tells where it began."""
    persons, heads = dict(end.persons), dict(end.heads)
    for event in reversed(later):
        origin = "" if FLOWS[event.kind] == IN else event.household_id
        for person in event.member_ids if FLOWS[event.kind] != NONE else ():
            persons[person] = origin
        if event.closed:
            heads[event.closed] = ""
        heads.update({household: before for household, before, _ in event.heads if household in heads})
        if event.opened:
            heads.pop(event.opened, None)
    return Standing({person: home for person, home in persons.items() if home}, heads)


Steps = Mapping[str, Sequence[tuple[str, bool, bool]]]
"""Person or household → its steps: kind of event, there before, there after."""


def _person_steps(log: Iterable[EventDraft]) -> Steps:
    steps: dict[str, list[tuple[str, bool, bool]]] = {}
    for event in log:
        flow = FLOWS[event.kind]
        for person in event.member_ids if flow != NONE else ():
            steps.setdefault(person, []).append((event.kind, flow != IN, flow != OUT))
    return steps


def _household_steps(log: Iterable[EventDraft]) -> Steps:
    steps: dict[str, list[tuple[str, bool, bool]]] = {}
    for event in log:
        if event.opened:
            steps.setdefault(event.opened, []).append((event.kind, False, True))
        if event.closed:
            steps.setdefault(event.closed, []).append((event.kind, True, False))
    return steps


def _balance(start: Mapping[str, str], end: Mapping[str, str], steps: Steps) -> Balance:
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for each in {**start, **end, **steps}:
        here = each in start
        for kind, before, after in (*steps.get(each, ()), ("", each in end, each in end)):
            _count(came, went, "", here, before)
            _count(came, went, kind, before, after)
            here = after
    return Balance(len(start), dict(came), dict(went), len(end))


def _count(came: Counter[str], went: Counter[str], kind: str, before: bool, after: bool) -> None:
    if after and not before:
        came[kind or ENTERED] += 1
    if before and not after:
        went[kind or STRUCK] += 1
