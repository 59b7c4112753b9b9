"""What a store must hold, reckoned from its lines alone and by other means than the store's own (slow, and plain)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Connection

from villagedesk.records.schema import RECORDS, Json, empty
from villagedesk.store import lines

Hash = str


def all_lines(connection: Connection) -> dict[Hash, dict[str, Any]]:
    """Every line, parsed by the plain JSON reader, by its hash."""
    stored = connection.exec_driver_sql("select line from revision").scalars()
    return {lines.digest(line).hex(): json.loads(line) for line in map(lines.unpack, stored)}


def state(connection: Connection) -> dict[str, Any]:
    """Records without what is local, values as lines carry them, and conflicts."""
    rows: dict[str, Any] = {}
    for kind, record in RECORDS.items():
        for row in connection.exec_driver_sql(f"select * from {kind}").mappings():
            rows[f"{kind}/{row['id']}"] = {
                name: _plain(record.table.c[name].type, value)
                for name, value in row.items()
                if name not in {"n", "revision"}
            }
    found = connection.exec_driver_sql("select record, field, candidates from conflict")
    return {"rows": rows, "conflicts": {(record, name): tuple(json.loads(said)) for record, name, said in found}}


def _plain(column: Any, value: Any) -> Any:
    if isinstance(column, Json):
        return json.loads(value)
    return bool(value) if isinstance(column, Boolean) and value is not None else value


def chain_below(known: dict[Hash, dict[str, Any]], tips: Iterable[Hash]) -> set[Hash]:
    """The revisions at and under these, along their devices' chains."""
    found: set[Hash] = set()
    for tip in tips:
        at = tip
        while at in known and at not in found:
            found.add(at)
            at = known[at]["prev"]
    return found


def check_whole(known: Mapping[Hash, Mapping[str, Any]]) -> None:
    """The line before each is here, and every line that one of its changes had seen."""
    for line in known.values():
        assert not line["prev"] or line["prev"] in known, "a chain has a hole"
        assert all(set(change["p"]) <= set(known) for change in line["c"]), "a parent is missing"


def check(connection: Connection) -> None:
    """Rows, conflicts and heads are what the lines add up to; the lines are closed under what they had seen."""
    known = all_lines(connection)
    by_record: dict[tuple[str, str], dict[Hash, dict[str, Any]]] = {}
    check_whole(known)
    for hash_, line in known.items():
        for change in line["c"]:
            by_record.setdefault((change["t"], change["r"]), {})[hash_] = {**change, "h": line["h"]}
    said = state(connection)
    assert set(said["rows"]) == {f"{kind}/{record}" for kind, record in by_record}
    conflicts: dict[tuple[str, str], tuple[str, ...]] = {}
    for (kind, record), changes in by_record.items():
        conflicts.update(_check_record(connection, kind, record, changes, said["rows"][f"{kind}/{record}"]))
    assert conflicts == said["conflicts"]


def _check_record(
    connection: Connection, kind: str, record: str, changes: dict[Hash, dict[str, Any]], row: dict[str, Any]
) -> dict[tuple[str, str], tuple[str, ...]]:
    above = {hash_: _ancestors(changes, hash_) for hash_ in changes}
    query = "select hash from touch join revision on n = revision where record = ? and head"
    heads = connection.exec_driver_sql(query, (record,)).scalars()
    assert {head.hex() for head in heads} == _maximal(set(changes), above)
    blank = {**empty(RECORDS[kind]), "removed": False, "village": ""}
    conflicts = {}
    for name, default in blank.items():
        writers = {hash_ for hash_, change in changes.items() if name in change["f"]}
        last = _maximal(writers, above)
        values = {json.dumps(_new(changes[hash_], name)) for hash_ in last}
        shown = json.dumps(row[name])
        if not last:
            assert shown == json.dumps(lines.plain(default))
        elif len(values) == 1:
            assert {shown} == values
            if name == "removed" and row[name]:
                beside = {
                    h for h in changes if h not in last and not above[h] & last and not any(h in above[x] for x in last)
                }
                if beside:
                    conflicts[record, name] = tuple(sorted(last | _maximal(beside, above)))
        else:
            conflicts[record, name] = tuple(sorted(last))
            if name in RECORDS[kind].protected:
                shared = {hash_ for hash_ in writers if all(hash_ in above[side] for side in last)}
                agreed = {json.dumps(_new(changes[hash_], name)) for hash_ in shared}
                assert shown in agreed | {json.dumps(lines.plain(default))}, "a machine decided a protected field"
            else:
                newest = max(last, key=lambda hash_: (changes[hash_]["h"], hash_))
                assert shown == json.dumps(_new(changes[newest], name))
    return conflicts


def _new(change: dict[str, Any], name: str) -> Any:
    return change["f"][name][1] if change["p"] else change["f"][name]


def _ancestors(changes: dict[Hash, dict[str, Any]], start: Hash) -> set[Hash]:
    direct = set(changes[start]["p"])
    return direct.union(*(_ancestors(changes, parent) for parent in direct if parent in changes))


def _maximal(hashes: set[Hash], above: dict[Hash, set[Hash]]) -> set[Hash]:
    return {hash_ for hash_ in hashes if not any(hash_ in above[other] for other in hashes)}


@dataclass(frozen=True)
class Tally:
    """How many lines a store has, and of each village how many households stand in its files."""

    lines: int
    households: Mapping[str, int]


def tally(connection: Connection, villages: Iterable[str]) -> Tally:
    """Counted row by row."""
    rows = list(connection.exec_driver_sql("select village from household where not removed").scalars())
    lines_ = len(list(connection.exec_driver_sql("select n from revision").scalars()))
    return Tally(lines_, {village: rows.count(village) for village in villages})


def totals(connection: Connection, village: str) -> dict[str, int]:
    """The control totals of a village, counted row by row."""
    rows = {key: row for key, row in state(connection)["rows"].items() if row["village"] == village}
    standing = [(key.partition("/")[0], row) for key, row in rows.items() if not row["removed"]]
    return {
        "households": sum(kind == "household" for kind, _ in standing),
        "members": sum(kind == "member" and row["left_on"] is None for kind, row in standing),
        "exited": sum(kind == "household" and row["exited_year"] is not None for kind, row in standing),
    }


def check_undone(connection: Connection, act: str) -> None:
    """Whatever an act had made is gone, and whatever it had changed says again what it said before."""
    rows = state(connection)["rows"]
    done = sorted((line for line in all_lines(connection).values() if line["act"] == act), key=lambda line: line["s"])
    before: dict[str, dict[str, Any]] = {}
    for change in (change for line in done for change in line["c"]):
        said = {name: old for name, (old, _) in change["f"].items()} if change["p"] else {"removed": True}
        before[f"{change['t']}/{change['r']}"] = {**said, **before.get(f"{change['t']}/{change['r']}", {})}
    for record, said in before.items():
        assert said == {name: rows[record][name] for name in said}, "an act was undone and stands"


def check_signed(connection: Connection) -> None:
    """A scan and its signature change by signing anew alone, and go only when a person takes them back."""
    by_hand = {"exit.sign", "undo", "conflict.decide"}
    for line in all_lines(connection).values():
        altered = [change for change in line["c"] if change["t"] in {"attachment", "signature"} and change["p"]]
        assert not altered or line["verb"] in by_hand, "a signed paper was altered"


def check_nobody_lost(connection: Connection, nos: Iterable[str]) -> None:
    """Whoever was typed into these households stands there once at least, however their entries were put together.

    A person may give an entry another name. He may also take the typing itself back, or decide that an entry stays
    removed: such households do not count.
    """
    rows, taken_back = state(connection)["rows"], set[str]()
    names: dict[str, dict[str, set[str]]] = {}  # of a household: its entries, and what each was ever called
    for line in all_lines(connection).values():
        for change in line["c"]:
            if line["verb"] in {"undo", "conflict.decide"}:
                taken_back.add(rows[f"{change['t']}/{change['r']}"].get("household_id", change["r"]))
            if change["t"] == "member" and "name" in change["f"]:
                entries = names.setdefault(rows[f"member/{change['r']}"]["household_id"], {})
                entries.setdefault(change["r"], set()).add(_new(change, "name"))
    here = [row for key, row in rows.items() if key.startswith("member/") and not row["removed"] and not row["left_on"]]
    for home in (row for key, row in rows.items() if key.startswith("household/") and row["no"] in set(nos)):
        if home["id"] not in taken_back and not home["removed"]:
            living = {row["name"] for row in here if row["household_id"] == home["id"]}
            entries = names.get(home["id"], {})
            assert all(known & living for known in entries.values()), "somebody was lost when entries were put together"


def astray(connection: Connection) -> dict[str, int]:
    """The households that moved to another village and live in none now, or in both: old file → in how many."""
    standing = {key: row for key, row in state(connection)["rows"].items() if not row["removed"]}
    events = [row for key, row in standing.items() if key.startswith("event/") and row["other_village"]]
    arrived = {row["other_id"]: row["household_id"] for row in events if row["kind"] == "moved_in"}
    gone = {row["closed"] for row in standing.values() if row.get("closed")}
    found: dict[str, int] = {}
    for home in {*arrived, *(row["household_id"] for row in events if row["kind"] == "left_village")}:
        there = home in arrived and (f"household/{arrived[home]}" in standing or arrived[home] in gone)
        found[home] = int(f"household/{home}" in standing) + int(there)
    return {home: places for home, places in found.items() if places != 1}
