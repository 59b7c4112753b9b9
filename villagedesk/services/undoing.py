"""What an undo has to leave standing: whatever was built on a step since (decision 0031).

A step is undone exactly or not at all. Fields changed since are refused by ``history``; here are the ties that no field
shows: a later event of the same people, a frozen year, a record that belongs to one the step made, one living head.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select

from villagedesk.drafts.event import EventDraft
from villagedesk.errors import Refused
from villagedesk.policy.kinship import HEAD
from villagedesk.records.load import draft_of
from villagedesk.records.schema import RECORDS, revision, touch
from villagedesk.services.event_words import kind_word
from villagedesk.services.year_lists import SNAPSHOT, last_frozen
from villagedesk.store import lines
from villagedesk.store.bulk import chunks
from villagedesk.store.work import Work
from villagedesk.text import Text, say

_BELONGS: Mapping[str, str] = MappingProxyType({
    "household": "household_id", "member": "member_id", "plan": "plan_id", "helper": "helper_id", "income": "income_id",
    "notice": "notice_id", "exit": "case_id", "evaluation": "evaluation_id",
})  # fmt: skip
"""Kind of record → the column by which others say that they belong to it."""

_KINDS: Mapping[str, Text] = MappingProxyType({
    "member": say("a member"), "income": say("an income statement"), "pairing": say("a pairing"),
    "visit": say("a visit"), "wish": say("a wish"), "plan": say("a plan"), "measure": say("a measure"),
    "exit": say("an exit case"), "monitoring": say("a monitoring case"), "event": say("a household event"),
    "notice": say("a notice"), "objection": say("an objection"), "exemption": say("an accepted finding"),
})  # fmt: skip

_OF_TWO_VILLAGES = say(
    "This is one half of a move between two villages, and would leave the household in both or in none. Ask the "
    "township to move the household back."
)

_FOUNDING = "village.found"

Heads = Mapping[str, int]
"""Open household → how many living heads it has."""


def demand_last(work: Work, step: Sequence[lines.Revision]) -> None:
    """Raise Refused, naming it, when a later event or year-end list rests on an event of this step, or all of it."""
    if any(line.verb == _FOUNDING for line in step):
        raise Refused(say("Everything in this desk rests on its founding, which stays. Set up another desk instead."))
    ids = [change.record for line in step for change in line.changes if change.kind == "event"]
    if not ids:
        return
    written = _written(work, step[0].act)
    for event_id in ids:
        row = work.row("event", event_id)
        if row is None:
            continue
        event: EventDraft = draft_of("event", row)
        if event.other_village:
            raise Refused(_OF_TWO_VILLAGES)
        _demand_open_year(work, event, row["village"])
        _demand_nothing_later(work, event, row["village"], written)


def heads_of(work: Work, step: Sequence[lines.Revision]) -> Heads:
    """The heads of every household that an event concerns, nothing for other steps: lists may come without heads."""
    if not any(change.kind == "event" for line in step for change in line.changes):
        return {}
    return {household_id: _heads(work, household_id) for household_id in _concerned(work, step)}


def demand_sound(work: Work, step: Sequence[lines.Revision], before: Heads) -> None:
    """Raise Refused when what was taken back would leave loose ends: see the module's first lines."""
    _demand_unused(work, step)
    for household_id in _concerned(work, step):
        row = work.row("household", household_id)
        if row is None or row["removed"]:
            _demand_nobody_left(work, household_id)
            continue
        _demand_own_number(work, row)
        if _heads(work, household_id) != 1 and before.get(household_id) in {1, -1}:
            text = say("Household {no} would be left without its one head. Undo the later change of its members first.",
                       no=row["no"])  # fmt: skip
            raise Refused(text)


def _written(work: Work, act: str) -> int:
    """The local number of the last revision of an act."""
    last: int = work.connection.execute(select(func.max(revision.c.n)).where(revision.c.act == act)).scalar_one()
    return last


def _demand_open_year(work: Work, event: EventDraft, village: str) -> None:
    frozen = last_frozen(work.connection, village)
    if frozen > event.year or (frozen == event.year and event.kind != SNAPSHOT):
        text = say("The list of {year} is frozen and counts this. Undo the freezing of the list first.", year=frozen)
        raise Refused(text)


def _demand_nothing_later(work: Work, event: EventDraft, village: str, written: int) -> None:
    """What was entered and undone since does not count; what stands otherwise than it stood then does."""
    if event.kind == SNAPSHOT:
        return
    for other in _of_the_same(work, event, village):
        if _times_written(work, other["id"], after=written) % 2 == 0:
            continue
        said = {"event": kind_word(other["kind"]), "day": other["happened_on"]}
        if other["removed"]:
            raise Refused(say("“{event}” of {day} was undone since, on which this rests. Enter this anew.", **said))
        raise Refused(say("“{event}” of {day} was entered for the same people since. Undo that first.", **said))
    _demand_no_newcomer(work, event, written)


def _of_the_same(work: Work, event: EventDraft, village: str) -> Iterator[Mapping[str, Any]]:
    """The events that share a household or a person with this one, undone ones too."""
    households, persons = {event.household_id, event.other_id} - {""}, set(event.member_ids)
    table = RECORDS["event"].table
    others = (table.c.village == village, table.c.kind != SNAPSHOT, table.c.id != event.id)
    for row in work.connection.execute(select(table).where(*others).order_by(table.c.n.desc())).mappings():
        if households & {row["household_id"], row["other_id"]} or persons & set(row["member_ids"]):
            yield dict(row)


def _demand_no_newcomer(work: Work, event: EventDraft, written: int) -> None:
    """Whoever was typed in under the head that the event made is related to that head, not to the one before."""
    for household_id, _, _ in event.heads:
        for row in work.rows("member", household_id=household_id, left_on=None):
            if row["id"] not in event.member_ids and _first_written(work, row["id"]) > written:
                text = say("{name} was entered under the new head since. Take that entry back first.", name=row["name"])
                raise Refused(text)


def _times_written(work: Work, record_id: str, after: int) -> int:
    query = select(func.count()).where(touch.c.record == record_id, touch.c.revision > after)
    return work.connection.execute(query).scalar_one()


def _first_written(work: Work, record_id: str) -> int:
    return work.connection.execute(select(func.min(touch.c.revision)).where(touch.c.record == record_id)).scalar() or 0


def _concerned(work: Work, step: Sequence[lines.Revision]) -> list[str]:
    """The households that a step, or its being taken back, gives members to or takes them from."""
    found: dict[str, None] = {}
    for change in (change for line in step for change in line.changes):
        if change.kind == "household":
            found[change.record] = None
        elif change.kind == "member":
            row = work.row("member", change.record)
            for household_id in (*change.fields.get("household_id", ()), row and row["household_id"]):
                if household_id:
                    found[household_id] = None
    return list(found)


def _heads(work: Work, household_id: str) -> int:
    living = work.rows("member", household_id=household_id, left_on=None)
    return sum(row["relation"] == HEAD for row in living) if living else -1


def _demand_nobody_left(work: Work, household_id: str) -> None:
    for row in work.rows("member", household_id=household_id):
        text = say("{name} belongs to a household whose file is closed since. Undo that first.", name=row["name"])
        raise Refused(text)


def _demand_own_number(work: Work, row: Mapping[str, Any]) -> None:
    alike = work.rows("household", village=row["village"], no=row["no"]) if row["no"] else []
    if len(alike) > 1:
        raise Refused(say("Its number {no} is in use by another household. Change that one first.", no=row["no"]))


def _demand_unused(work: Work, step: Sequence[lines.Revision]) -> None:
    gone: dict[str, list[str]] = {}
    for change in (change for line in step for change in line.changes):
        if change.kind in _BELONGS and not change.parents:
            gone.setdefault(change.kind, []).append(change.record)
    for kind, ids in gone.items():
        for user in _users(work, _BELONGS[kind], ids):
            what = _KINDS.get(user, say("an entry"))
            raise Refused(say("Since then {what} was entered that rests on this step. Take that back first.",
                              what=what))  # fmt: skip


def _users(work: Work, column: str, ids: Sequence[str]) -> Iterator[str]:
    """The kinds of living records that belong to one of these."""
    for kind, record in RECORDS.items():
        if column not in record.table.c:
            continue
        for chunk in chunks(ids):
            here = (record.table.c[column].in_(chunk), record.table.c.removed.is_(False))
            if work.connection.execute(select(record.table.c.n).where(*here).limit(1)).first():
                yield kind
