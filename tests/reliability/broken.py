"""Breaks the exchange on purpose, one way at a time, and looks whether its tests turn red.

    python -m tests.reliability.broken [NAME…]

Each way is given to the tests named beside it, a machine of courses some hundred times. Ends with 1 when one stayed
green: then that test is too weak. As a plugin of pytest (``-p tests.reliability.broken``) it breaks what the variable
``BROKEN`` names for that one run; no file of the program is touched.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from villagedesk.services import conflicts, event_effects, history, intake, moving, reception, township, village_rows
from villagedesk.store import apply, chain, fold, landing, place
from villagedesk.store.numbers import Numbers

ROOT = Path(__file__).resolve().parents[2]
_HERE = "tests/core/sync_machine"
_MACHINE = f"{_HERE}/test_sync_machine.py::test_all_come_to_agree"
VILLAGE, COPIES, FORGETFUL, UPWARDS = (f"{_MACHINE}[{one}]" for one in ("Village", "Copies", "Forgetful", "Upwards"))
LINES, PROMISES, MOVES = (f"{_HERE}/test_{one}.py" for one in ("lines_meet", "promises", "moves_heal"))


def _nothing(*_: Any, **__: Any) -> None: ...


def _conflict_forgotten() -> None:
    landing.Landing._keep_conflicts = _nothing


def _loser_not_shown() -> None:
    conflicts.Decision.lost = ()


def _newest_wins() -> None:
    fold._common = lambda name, last, *_: fold._newest(name, last)


def _tombstone_dropped() -> None:
    edit, whole = landing.Landing.edit, fold.fold

    def without(self: landing.Landing, record_id: str, kind: str, values: Any) -> None:
        edit(self, record_id, kind, {name: value for name, value in values.items() if name != fold.REMOVED})

    def folded(*given: Any) -> fold.Folded:
        found = whole(*given)
        return replace(found, values={**found.values, fold.REMOVED: False})

    landing.Landing.edit = without
    sys.modules["villagedesk.store.refolding"].fold = folded


def _edit_buried() -> None:
    fold._beside = lambda *_: []


def _counted_twice() -> None:
    def twice(*given: Any) -> apply.Applied:
        done = apply.apply_batches(*given)
        return replace(done, revisions=done.revisions + done.repeated)

    intake.apply_batches = twice


def _clock_orders() -> None:
    fold._unseen = lambda writers, _: [max(writers, key=lambda one: one.hlc)] if writers else []


def _clone_keeps_its_name() -> None:
    renamed = place._incarnation

    def kept(connection: Any, *given: Any) -> str:
        known = place.read_setting(connection, "device")
        return str(known["id"]) if known else renamed(connection, *given)

    place._incarnation = kept


def _hole_let_in() -> None:
    apply._follow_chain = _nothing


def _unknown_tip_believed() -> None:
    def after(connection: Any, known: Any, devices: Any = None) -> Numbers:
        had = {tip.device: tip.seq for tip in known}
        chains = chain._chains(connection, devices)
        parts = [chain._beyond(connection, device, had.get(device, 0), seq) for device, (seq, _) in chains.items()]
        return Numbers.together(parts)

    chain.numbers_after = after


def _gap_not_asked_for() -> None:
    intake.Intake._notice_loss = _nothing
    township.Township.wake = _nothing


def _held_for_ever() -> None:
    intake.Intake.retry = lambda *_: []


def _totals_not_compared() -> None:
    row = village_rows.village_row
    township.village_row = lambda *given: replace(row(*given), difference={})


def _papers_altered(what: Callable[[Any, str, Any], None]) -> None:
    close = event_effects.close_household

    def closed(course: Any, household: Any, reason: str) -> None:
        for row in course.work.rows("attachment", subject_id=household.id):
            what(course, "attachment", row)
        for row in course.work.rows("signature", case_id=household.id):
            what(course, "signature", row)
        close(course, household, reason)

    event_effects.close_household = closed


def _merge_takes_papers_away() -> None:
    _papers_altered(lambda course, kind, row: course.work.remove(kind, row["id"]))


def _merge_alters_papers() -> None:
    def written_over(course: Any, kind: str, row: Any) -> None:
        course.work.put(kind, row["village"], {"note" if kind == "attachment" else "role": "2"}, row["id"])

    _papers_altered(written_over)


def _undo_forgotten() -> None:
    history._take_back = _nothing


def _moved_out_only() -> None:
    moving.Moves._arrive = lambda *_: None


def _moved_but_not_told() -> None:
    moving.note_own_chain = _nothing


def _guard_off() -> None:
    intake.demand_not_emptied = _nothing
    reception.demand_not_emptied = _nothing


def _scans_not_kept() -> None:
    intake.sealed.seal = partial(_seal_at_desks_only, intake.sealed.seal)


def _seal_at_desks_only(seal: Callable[..., str], folder: Path, *given: Any) -> str:
    return "" if folder.parent.name == "hub" else seal(folder, *given)


@dataclass(frozen=True)
class Breakage:
    """A wrong program and the tests that have to see it."""

    what: str
    make: Callable[[], None]
    tests: tuple[str, ...]


WAYS = MappingProxyType({
    "conflict-forgotten": Breakage("the losing value of a conflict is not kept", _conflict_forgotten, (VILLAGE, LINES)),
    "loser-not-shown": Breakage("a decision hides the value that was not chosen", _loser_not_shown, (PROMISES,)),
    "newest-wins": Breakage("a machine decides head, ID number or exit", _newest_wins, (VILLAGE, LINES)),
    "tombstone-dropped": Breakage("a removal does not arrive", _tombstone_dropped, (VILLAGE, LINES)),
    "edit-buried": Breakage("a removal buries an edit beside it", _edit_buried, (VILLAGE, LINES)),
    "counted-twice": Breakage("a file taken in twice counts twice", _counted_twice, (VILLAGE,)),
    "clock-orders": Breakage("the clock orders changes, not the chain", _clock_orders, (VILLAGE, LINES)),
    "clone-keeps-its-name": Breakage("a copied laptop keeps its identity", _clone_keeps_its_name, (COPIES,)),
    "hole-let-in": Breakage("a file with a gap before it is let in", _hole_let_in, (LINES,)),
    "unknown-tip-believed": Breakage("who names a lost revision is believed", _unknown_tip_believed, (PROMISES,)),
    "gap-not-asked-for": Breakage("a hub put back does not ask for what it lacks", _gap_not_asked_for, (FORGETFUL,)),
    "held-for-ever": Breakage("what a later file fills stays held", _held_for_ever, (PROMISES,)),
    "totals-not-compared": Breakage("control totals are not compared", _totals_not_compared, (VILLAGE,)),
    "merge-takes-papers": Breakage("a merge takes signed papers away", _merge_takes_papers_away, (VILLAGE,)),
    "merge-alters-papers": Breakage("a merge alters signed papers", _merge_alters_papers, (VILLAGE,)),
    "undo-forgotten": Breakage("an undo says done and is not", _undo_forgotten, (VILLAGE,)),
    "moved-out-only": Breakage("a household leaves and arrives nowhere", _moved_out_only, (VILLAGE,)),
    "moved-but-not-told": Breakage("neither village hears of the move", _moved_but_not_told, (VILLAGE, MOVES)),
    "guard-off": Breakage("a file may empty a village", _guard_off, (VILLAGE,)),
    "scans-not-kept": Breakage("the township keeps no scans", _scans_not_kept, (PROMISES,)),
})  # fmt: skip


def pytest_configure() -> None:
    """Break what the variable says before any test is read."""
    WAYS[os.environ["BROKEN"]].make()


def red(name: str, test: str) -> bool:
    """Whether a test sees a breakage."""
    words = [sys.executable, "-m", "pytest", "-p", "tests.reliability.broken", "-n0", "-q", "-x",
             "-p", "no:cacheprovider", "-p", "no:randomly", test]  # fmt: skip
    said = {**os.environ, "BROKEN": name, "HYPOTHESIS_PROFILE": "broken"}
    done = subprocess.run(words, cwd=ROOT, env=said, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1} or "E   TypeError" in done.stdout or "E   AttributeError" in done.stdout:
        raise RuntimeError(f"{name} does not fit the program any more:\n{done.stdout[-2000:]}")
    why = [line for line in done.stdout.splitlines() if line.startswith("E  ")]
    print(f"{'red' if done.returncode else 'GREEN':6}{name:22}{test.rsplit('/', 1)[1]:50}{why[0][4:90] if why else ''}")
    return bool(done.returncode)


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*WAYS, []])
    names = parser.parse_args().names or list(WAYS)
    start = time.monotonic()
    seen = [red(name, test) for name in names for test in WAYS[name].tests]
    print(f"{sum(seen)} of {len(seen)} red, {time.monotonic() - start:.0f} s")
    sys.exit(not all(seen))


if __name__ == "__main__":
    main()
