"""What runs rests on the wish of its person, whatever way it came to run: an undo, a conflict settled (§8.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection

from villagedesk.drafts.plan import WishDraft
from villagedesk.errors import Refused
from villagedesk.policy.pack import Pack
from villagedesk.policy.wishes import carried, wish_kinds
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.store import lines
from villagedesk.store.work import Work
from villagedesk.text import say

TOUCHING = frozenset({"wish", "measure"})
"""Kinds of record a change of which can leave a measure without its wish."""


@contextmanager
def voluntary(work: Work, pack: Pack, household_ids: Iterable[str]) -> Iterator[None]:
    """Raise Refused when what is written inside lets a measure run without the yes of its person."""
    homes = tuple(household_ids)
    before = _unasked(work, pack, homes)
    yield
    for measure_id, content in _unasked(work, pack, homes).items():
        if measure_id not in before:
            text = say("“{content}” would run without the yes of its person. Ask the person and begin it anew.",
                       content=content)  # fmt: skip
            raise Refused(text)


def wishes_of(connection: Connection, household_id: str) -> tuple[WishDraft, ...]:
    """What the members of a household were asked and answered, in order of asking."""
    table = RECORDS["wish"].table
    return tuple(load_where(connection, "wish", table.c.household_id == household_id).values())


def households_touched(work: Work, step: Sequence[lines.Revision]) -> list[str]:
    """The households of whose wishes or measures a step wrote."""
    found: dict[str, None] = {}
    for change in (change for line in step for change in line.changes if change.kind in TOUCHING):
        row = work.row(change.kind, change.record)
        if row is not None:
            found[row["household_id"]] = None
    return list(found)


def _unasked(work: Work, pack: Pack, homes: Sequence[str]) -> Mapping[str, str]:
    """Measures that run without their wish → what they are."""
    found: dict[str, str] = {}
    for household_id in homes:
        wishes = wishes_of(work.connection, household_id)
        rows = work.rows("measure", household_id=household_id, state="active")
        for measure_id, measure in load(work.connection, "measure", [row["id"] for row in rows]).items():
            if not carried(wish_kinds(pack, measure), measure, wishes):
                found[measure_id] = measure.content
    return found
