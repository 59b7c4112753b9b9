"""One trace of edits through VillageDesk, PouchDB and the SQLite session extension: what is lost, what is shown.

    python tests/bench/compare.py [--rounds N] [--edits N] [--households N]

Two laptops edit the same households without seeing each other, then both go to the township and back; again and again.
A true conflict is a field that both changed in one round. An edit is lost when the township shows its value neither as
the field's nor as one a person may choose. PouchDB: ``npm install pouchdb pouchdb-adapter-memory`` in the folder named
by VILLAGEDESK_NODE; sessions: the package apsw on the path. What is not there is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from villagedesk import divisions
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import Hub, create_hub
from villagedesk.records.schema import RECORDS
from villagedesk.store.wraps import Cost

FIELDS = ("address", "note", "phone", "group")
VILLAGE = divisions.children("321324111")[0].code
Edit = tuple[int, int, str, str]  # laptop, household, field, value


@dataclass
class Outcome:
    """What one system did with the trace. ``false``: conflicts shown where the fields were different ones."""

    name: str
    lost: int = 0
    shown: int = 0
    false: int = 0
    size: int = 0
    seconds: float = 0.0


def trace(rounds: int, edits: int, households: int) -> list[list[Edit]]:
    """Edits round by round; every value is written once only, so that it can be found again."""
    chance, made = random.Random(5), []
    for turn in range(rounds):
        one = [(laptop, chance.randrange(households), chance.choice(FIELDS)) for _ in range(edits) for laptop in (0, 1)]
        made.append([(*edit, f"v{turn}-{place}") for place, edit in enumerate(one)])
    return made


def last_of(edits: list[Edit]) -> dict[tuple[int, int, str], str]:
    """What each laptop finally wrote into each field in a round."""
    return {(laptop, home, field): value for laptop, home, field, value in edits}


def true_conflicts(edits: list[Edit]) -> set[tuple[int, str]]:
    """Household and field that both laptops changed."""
    last = last_of(edits)
    return {(home, field) for laptop, home, field in last if laptop == 0 and (1, home, field) in last}


def judge(outcome: Outcome, edits: list[Edit], value: Callable[[int, str], str], choices: dict[Any, set[str]]) -> None:
    """Hold the township against what was typed in a round; ``choices``: what it shows of each field in conflict."""
    true = true_conflicts(edits)
    outcome.shown += len(true & choices.keys())
    outcome.false += len(choices.keys() - true)
    for (_, home, field), typed in last_of(edits).items():
        outcome.lost += typed != value(home, field) and typed not in choices.get((home, field), ())


def ours(rounds: list[list[Edit]], households: int) -> Outcome:
    """Two desks and a hub, by files."""
    outcome = Outcome("VillageDesk")
    with tempfile.TemporaryDirectory() as name:
        folder, cheap = Path(name), Cost(8, 1, 1)
        hub, _ = create_hub(folder / "hub", "p", "township", VILLAGE[:9])
        file = VillageDraft(code=VILLAGE, name="某村", profile="jiangsu-2018")
        desks = [create_desk(folder / f"desk{n}", "p", file, author=f"{n}", cost=cheap)[0] for n in (0, 1)]
        with hub, desks[0], desks[1]:
            for desk in desks:
                desk.sync.join(hub.township.invite(VILLAGE, folder), "laptop")
            with desks[0].site.store.work("test", "test") as work:
                for home in range(households):
                    work.put("household", VILLAGE, {"no": str(home + 1)})
            _meet(hub, desks, folder, Outcome(""))
            _meet(hub, desks, folder, Outcome(""))
            ids = {row.no: row.id for row in hub.review.household_rows(hub.review.household_ids())}
            for edits in rounds:
                start = time.perf_counter()
                for laptop, home, field, value in edits:
                    with desks[laptop].site.store.work("test", "visit") as work:
                        work.put("household", VILLAGE, {field: value}, ids[str(home + 1)])
                _meet(hub, desks, folder, outcome)
                outcome.seconds += time.perf_counter() - start
                _settle(hub, edits, ids, outcome)
                _meet(hub, desks, folder, Outcome(""))  # what was decided goes back before the next round
    return outcome


def _meet(hub: Hub, desks: list[Desk], folder: Path, outcome: Outcome) -> None:
    for desk in desks:
        written = desk.sync.send(folder)
        outcome.size += written.size
        hub.township.receive([written.path])
    for reply in hub.township.reply(folder):
        outcome.size += reply.size
        for desk in desks:
            desk.sync.receive(reply.path)


def _settle(hub: Hub, edits: list[Edit], ids: dict[str, str], outcome: Outcome) -> None:
    home_of = {record: int(no) - 1 for no, record in ids.items()}
    waiting = hub.township.conflicts()
    choices = {(home_of[one.record_id], one.field): {str(c.value) for c in one.candidates} for one in waiting}
    table = RECORDS["household"].table
    with hub.place.store.read() as connection:
        stored = {row.id: row for row in connection.execute(table.select())}
    judge(outcome, edits, lambda home, field: getattr(stored[ids[str(home + 1)]], field), choices)
    for one in waiting:
        hub.acts.decide(VILLAGE, one, one.candidates[0].hash, "asked")


def sessions(rounds: list[list[Edit]], households: int) -> Outcome:
    """The session extension: a changeset a visit; the township keeps what it has and notes what came against it."""
    import apsw

    outcome = Outcome("SQLite sessions (apsw)")
    stores = [apsw.Connection(":memory:") for _ in range(3)]  # two laptops and the township
    columns = ", ".join(f'"{field}" TEXT' for field in FIELDS)
    for store in stores:
        store.execute(f"CREATE TABLE household (id INTEGER PRIMARY KEY, {columns})")
        store.executemany("INSERT INTO household (id) VALUES (?)", [(home,) for home in range(households)])
    township = stores[2]
    for edits in rounds:
        start, noted = time.perf_counter(), {}
        recorders = [apsw.Session(store, "main") for store in stores]
        for recorder in recorders:
            recorder.attach("household")
        for laptop, home, field, value in edits:
            stores[laptop].execute(f'UPDATE household SET "{field}" = ? WHERE id = ?', (value, home))

        def against(reason: int, change: Any, noted: dict[Any, set[str]] = noted) -> int:
            for place, typed in enumerate(change.new):
                if (
                    isinstance(typed, str)
                    and change.conflict is not None
                    and change.conflict[place] != change.old[place]
                ):
                    noted.setdefault((change.old[0], FIELDS[place - 1]), set()).update({typed, change.conflict[place]})
            return int(apsw.SQLITE_CHANGESET_OMIT)

        for laptop in (0, 1):
            changes = recorders[laptop].changeset()
            outcome.size += len(changes)
            apsw.Changeset.apply(changes, township, conflict=against)
        back = recorders[2].changeset()
        for laptop in (0, 1):
            outcome.size += len(back)
            apsw.Changeset.apply(back, stores[laptop], conflict=lambda *_: apsw.SQLITE_CHANGESET_REPLACE)
        outcome.seconds += time.perf_counter() - start
        judge(
            outcome, edits,
            lambda home, field: township.execute(f'SELECT "{field}" FROM household WHERE id = ?', (home,)).get, noted,
        )  # fmt: skip
    return outcome


def pouch(rounds: list[list[Edit]], households: int) -> Outcome:
    """PouchDB in node, in memory; its conflicts are shown only to whoever asks for them, and here somebody asks."""
    outcome = Outcome("PouchDB (conflicts asked for)")
    said = subprocess.run(
        ["node", str(Path(__file__).with_name("compare_pouch.cjs"))],
        input=json.dumps({"rounds": rounds, "households": households, "fields": FIELDS}),
        env={**os.environ, "NODE_PATH": str(Path(os.environ["VILLAGEDESK_NODE"]) / "node_modules")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(said.stdout)
    outcome.seconds, outcome.size = found["seconds"], found["bytes"]
    for edits, turn in zip(rounds, found["rounds"], strict=True):
        choices = {(one["home"], one["field"]): set(one["values"]) for one in turn["conflicts"]}
        judge(outcome, edits, lambda home, field, turn=turn: turn["docs"][home].get(field, ""), choices)
    return outcome


def main() -> None:
    """Run what is there and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("rounds", 5), ("edits", 120), ("households", 100)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    rounds = trace(given.rounds, given.edits, given.households)
    true = sum(len(true_conflicts(edits)) for edits in rounds)
    typed = sum(len(last_of(edits)) for edits in rounds)
    print(f"{typed} edits, {true} true conflicts")
    print("| system | edits lost | conflicts shown / true | shown without need | bytes | seconds |")
    print("|---|---|---|---|---|---|")
    for system in (ours, sessions, pouch):
        try:
            one = system(rounds, given.households)
        except (ImportError, KeyError, FileNotFoundError) as error:
            print(f"left out: {system.__name__} ({error})", file=sys.stderr)
            continue
        print(f"| {one.name} | {one.lost} | {one.shown} / {true} | {one.false} | {one.size:,} | {one.seconds:.2f} |")


if __name__ == "__main__":
    main()
