"""One search box: people by name part, pinyin, ID tail or phone tail, households by number (TECH §2).

Each way of finding is a suffix key in one B-tree, so that every keystroke is a short range read, sorted, at any size.
Only the difference between the old and the new keys of a record is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, insert, select
from sqlalchemy import text as sql

from villagedesk.records.schema import RECORDS, search_debt, search_key
from villagedesk.store import pinyin
from villagedesk.store.bulk import insert_rows
from villagedesk.store.syllables import fits, mixtures, narrowest
from villagedesk.values import Step, halfwidth, no_step

NAME, PINYIN, ID_TAIL, PHONE_TAIL, HOUSEHOLD_NO, HOUSEHOLD_PHONE = range(1, 7)
SEARCHED = frozenset({"member", "household"})

_END = chr(0x10FFFF)
_MOST_READINGS = 24
_LONGEST_MIXTURE = 18  # letters; a longer word is no hurry
_MOST_MIXED = 200
_KEYS_A_NAME = 3  # how many keys of one name the beginning of a range may hold
_WHY = {
    NAME: "name",
    PINYIN: "pinyin",
    ID_TAIL: "id",
    PHONE_TAIL: "phone",
    HOUSEHOLD_PHONE: "phone",
    HOUSEHOLD_NO: "no",
}
_HOUSEHOLD_KINDS = (HOUSEHOLD_NO, HOUSEHOLD_PHONE)
_KINDS_OF = {"member": (NAME, PINYIN, ID_TAIL, PHONE_TAIL), "household": _HOUSEHOLD_KINDS}
_HIT = (
    *(RECORDS["household"].table.c[name] for name in ("id", "no", "group", "village")),
    *(RECORDS["member"].table.c[name] for name in ("id", "name", "birth")),
)
_DELETE = delete(search_key).where(
    search_key.c.k == bindparam("k_"), search_key.c.kind == bindparam("kind_"), search_key.c.n == bindparam("n_")
)


@dataclass(frozen=True)
class Hit:
    """A person or household found, and by what (name, pinyin, id, phone, no)."""

    household_id: str
    household_no: str
    group: str
    village: str
    member_id: str
    name: str
    why: str
    birth: date | None = None


def keys(kind: str, row: Mapping[str, Any]) -> frozenset[tuple[str, int]]:
    """The keys by which a member or household row is found; none for a removed one."""
    if row.get("removed"):
        return frozenset()
    return frozenset(_member_keys(row) if kind == "member" else _household_keys(row))


def _member_keys(row: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    name = _plain_name(row["name"])
    for start in range(len(name)):
        yield name[start:], NAME
    for key in _pinyin_keys(name):
        yield key, PINYIN
    if row["id_number"]:
        yield row["id_number"][::-1], ID_TAIL
    if row["phone"]:
        yield row["phone"][::-1], PHONE_TAIL


def _household_keys(row: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    for start in range(len(row["no"])):
        yield row["no"][start:], HOUSEHOLD_NO
    if row["phone"]:
        yield row["phone"][::-1], HOUSEHOLD_PHONE


def _pinyin_keys(name: str) -> Iterable[str]:
    """Initials and syllables of every suffix, in every reading (of long names in the usual readings)."""
    found: set[str] = set()
    for syllables in product(*_readings(name)):
        for start in range(len(syllables)):
            found.add("".join(syllables[start:]))
            found.add("".join(syllable[0] for syllable in syllables[start:]))
    return found


def _readings(name: str) -> list[tuple[str, ...]]:
    """How each character may be read: a surname always in every way, the others in fewer the longer the name is."""
    every = [pinyin.readings(char) for char in name]
    for most in (_MOST_READINGS, 2, 1):
        kept = [options if place == 0 else options[:most] for place, options in enumerate(every)]
        if prod(map(len, kept)) <= _MOST_READINGS:
            break
    return kept


def _plain_name(name: str) -> str:
    return "".join(char for char in name if char.isalnum()).lower()


def write(
    connection: Connection, kind: str, changes: Iterable[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]
) -> None:
    """Bring the keys of changed rows up to date; each change is (old row or None, new row with its ``n``)."""
    gone: list[dict[str, object]] = []
    fresh: list[dict[str, object]] = []
    for old, new in changes:
        before = keys(kind, old) if old else frozenset()
        after = keys(kind, new)
        gone += [{"k_": k, "kind_": number, "n_": new["n"]} for k, number in before - after]
        fresh += [{"k": k, "kind": number, "n": new["n"], "village": new["village"]} for k, number in after - before]
    if gone:
        connection.execute(_DELETE, gone)
    if fresh:
        fresh.sort(key=lambda row: (row["kind"], row["k"]))
        connection.execute(insert(search_key), fresh)


_OWE = sql("INSERT INTO search_debt (kind, n) VALUES (:kind, :n) ON CONFLICT (kind) DO NOTHING")


def owe(connection: Connection, first: Mapping[str, int]) -> None:
    """Note from which row of a kind on there are no keys yet: a long import does not wait for them."""
    if first:
        connection.execute(_OWE, [{"kind": kind, "n": n} for kind, n in first.items()])


def in_debt(connection: Connection) -> bool:
    """Whether keys are owed, so that :func:`pay` has to run before a search is complete."""
    return connection.execute(select(search_debt.c.kind)).first() is not None


_PAID = 20_000  # rows whose keys are made at once: a province's register does not fit into memory


def pay(connection: Connection, step: Step = no_step) -> None:
    """Write the keys that are owed, in the caller's transaction."""
    for kind, first in connection.execute(select(search_debt.c.kind, search_debt.c.n)).all():
        last = connection.execute(select(func.max(RECORDS[kind].table.c.n))).scalar() or 0
        for low in range(first, last + 1, _PAID):
            high = min(low + _PAID, last + 1)
            _pay_part(connection, kind, low, high)
            step(high - first, last + 1 - first)
    connection.execute(delete(search_debt))


def _pay_part(connection: Connection, kind: str, low: int, high: int) -> None:
    """Write the keys of the rows from ``low`` on, before ``high``."""
    table = RECORDS[kind].table
    rows = connection.execute(select(table).where(table.c.n >= low, table.c.n < high)).mappings().all()
    fresh = {
        (number, key, row["n"]): {"k": key, "kind": number, "n": row["n"], "village": row["village"]}
        for row in rows
        for key, number in keys(kind, dict(row))
    }
    old = (search_key.c.kind.in_(_KINDS_OF[kind]), search_key.c.n >= low, search_key.c.n < high)
    connection.execute(delete(search_key).where(*old))
    insert_rows(connection, search_key, [fresh[place] for place in sorted(fresh)])


def find(connection: Connection, text: str, limit: int = 50, village: str = "") -> tuple[Hit, ...]:
    """People and households found by what was typed, exact matches first. An empty text finds nothing."""
    typed = halfwidth(text).replace(" ", "").replace("·", "").replace("・", "")
    if not typed:
        return ()
    hits: dict[tuple[str, str], Hit] = {}
    for kind, key in _ways(typed):
        for hit in _hits(connection, kind, key, limit, village):
            hits.setdefault((hit.household_id, hit.member_id), hit)
        if len(hits) >= limit:
            break
    for way in mixtures(typed.lower()) if len(hits) < limit and len(typed) <= _LONGEST_MIXTURE else ():
        for hit in _mixed_hits(connection, way, village):
            hits.setdefault((hit.household_id, hit.member_id), hit)
    return tuple(hits.values())[:limit]


def _ways(typed: str) -> list[tuple[int, str]]:
    """Which keys to look in: the box chooses by what kind of characters were typed."""
    digits = typed[:-1].isdigit() and (typed[-1].isdigit() or typed[-1] in "xX") if len(typed) > 1 else typed.isdigit()
    if digits:
        tail = typed.upper()[::-1]
        return [(HOUSEHOLD_NO, typed), (ID_TAIL, tail), (PHONE_TAIL, tail), (HOUSEHOLD_PHONE, tail)]
    if typed.isascii() and typed.isalpha():
        return [(PINYIN, typed.lower()), (HOUSEHOLD_NO, typed)]
    return [(NAME, _plain_name(typed)), (HOUSEHOLD_NO, typed)]


def _hits(connection: Connection, kind: int, key: str, limit: int, village: str) -> list[Hit]:
    asked = {"kind": kind, "low": key, "high": key + _END, "most": limit * _KEYS_A_NAME, "limit": limit}
    rows = connection.execute(
        _question(kind in _HOUSEHOLD_KINDS, bool(village)), {**asked, "village": village} if village else asked
    )
    return [Hit(row[0], row[1], row[2], row[3], row[4] or "", row[5] or "", _WHY[kind], row[6]) for row in rows]


def _mixed_hits(connection: Connection, way: tuple[str, ...], village: str) -> Iterator[Hit]:
    """People whose initials are those of the pieces; their names tell whether the whole syllables are theirs too."""
    initials, whole = "".join(piece[0] for piece in way), narrowest(way)
    whole = whole or initials
    asked = {"low": initials, "high": initials + _END, "low_": whole, "high_": whole + _END, "most": _MOST_MIXED}
    for row in connection.execute(_mixed_question(bool(village)), {**asked, "village": village} if village else asked):
        if fits(way, [pinyin.readings(char) for char in _plain_name(row[5] or "")]):
            yield Hit(row[0], row[1], row[2], row[3], row[4], row[5], _WHY[PINYIN], row[6])


@lru_cache
def _mixed_question(in_village: bool) -> Select[Any]:
    member, household, other = RECORDS["member"].table, RECORDS["household"].table, search_key.alias()
    c = search_key.c
    inside = [c.kind == PINYIN, c.k >= bindparam("low"), c.k < bindparam("high")]
    whole = [other.c.kind == PINYIN, other.c.k >= bindparam("low_"), other.c.k < bindparam("high_")]
    if in_village:
        inside.append(c.village == bindparam("village"))
    both = select(c.n).where(*inside).intersect(select(other.c.n).where(*whole)).limit(bindparam("most")).subquery()
    source = both.join(member, member.c.n == both.c.n).join(household, household.c.id == member.c.household_id)
    return select(*_HIT).select_from(source).order_by(member.c.n)


@lru_cache
def _question(of_households: bool, in_village: bool) -> Select[Any]:
    """The query behind a keystroke; writing it anew would take longer than to answer it."""
    member, household = RECORDS["member"].table, RECORDS["household"].table
    c = search_key.c
    inside = [c.kind == bindparam("kind"), c.k >= bindparam("low"), c.k < bindparam("high")]
    if in_village:
        inside.append(c.village == bindparam("village"))
    first = select(c.k, c.n).where(*inside).order_by(c.k, c.n).limit(bindparam("most")).subquery()
    nearest = select(first.c.n, func.min(first.c.k).label("k")).group_by(first.c.n)
    found = nearest.order_by("k", first.c.n).limit(bindparam("limit")).subquery()
    if of_households:
        head = and_(member.c.household_id == household.c.id, member.c.relation == "01", member.c.removed.is_(False))
        source = found.join(household, household.c.n == found.c.n).outerjoin(member, head)
    else:
        source = found.join(member, member.c.n == found.c.n).join(household, household.c.id == member.c.household_id)
    return select(*_HIT).select_from(source).order_by(found.c.k, found.c.n)
