"""Pulls the plug, hundreds of times, on a recording of real work, and looks whether the program kept its word.

    python -m tests.reliability.powercut --works 5 --cuts 400

``kill -9`` leaves the system's memory of a file intact, so it cannot tell a flushed write from one that was only
promised. Here ``strace`` records every write, flush, renaming and deletion of a desk and its township at work (see
:mod:`tests.reliability.work`). For a cut at any of these calls a disk is made that holds what was flushed until then,
a random part of the unflushed 512-byte sectors, and, directory by directory, the first few of the names not flushed.
What was acknowledged before the cut must be there, and the full audit must find no fault.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.reliability.disk import Disk
from tests.reliability.kill import Tally, child, judge, read
from tests.reliability.trace import Call, calls
from tests.reliability.work import Office, prepare

ROOT = Path(__file__).resolve().parents[2]
TOLD = "told"
"""The file into which the worker says what it did; on another disk, as it were."""


def possible() -> bool:
    """Whether this machine can watch a program's calls."""
    return shutil.which("strace") is not None


def record(folder: Path, seed: int) -> Iterator[Call]:
    """One worker's life on the office in ``folder``, call by call."""
    log, told = folder.with_name("calls"), folder.with_name(TOLD)
    watched = ("-f", "-y", "-xx", "-s", "100000000", "-e", "signal=none", "-e", f"trace={','.join(Disk.WATCHED)}")
    worker = (sys.executable, "-m", "tests.reliability.powercut", "--work", str(folder), "--seed", str(seed))
    told.write_bytes(b"")
    subprocess.run(["strace", *watched, "-o", str(log), *worker], cwd=ROOT, check=True)
    return calls(log)


def work(folder: Path, seed: int) -> None:
    """What is watched: thirty steps, each told before and after."""
    out = os.open(folder.with_name(TOLD), os.O_WRONLY | os.O_APPEND)
    child(Office(folder), seed, "", 0, out)


def run(works: int, cuts: int, seed: int, tell: Callable[[str], None] = print) -> Tally:
    """``works`` recordings, each cut ``cuts`` times at random."""
    tally, chance, began = Tally(), random.Random(seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cut-") as place:
        template = prepare(Path(place) / "template")
        for number in range(works):
            scene = Path(shutil.copytree(template, Path(place) / f"{number}" / "office"))
            Office(scene).settle()
            before = Path(shutil.copytree(scene, Path(place) / f"{number}" / "before"))
            recorded = list(record(scene, chance.randrange(1 << 30)))
            for _ in range(cuts):
                cut(before, scene, recorded, chance, tally)
            shutil.rmtree(scene.parent)
            tell(f"{number + 1} recordings, {tally.kills['cut']} cuts, {len(tally.lost)} faults, "
                 f"{time.monotonic() - began:.0f} s")  # fmt: skip
    return tally


def cut(before: Path, scene: Path, recorded: list[Call], chance: random.Random, tally: Tally) -> None:
    """One disk after a power cut, opened and held against what was promised."""
    disk, told = Disk(scene, before), b""
    for call in recorded[: chance.randrange(len(recorded))]:
        if call.path == str(scene.with_name(TOLD)):
            told += call.data
        else:
            disk.take(call)
    found = scene.with_name("found")
    disk.after_cut(found, chance)
    promise = read(told, tally)
    tally.kills["cut"] += 1
    tally.kills[promise.step or "between"] += 1
    if promise.kept:
        judge(Office(found), promise, tally)
    shutil.rmtree(found)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--works", type=int, default=5)
    parser.add_argument("--cuts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.work, given.seed)
        return 0
    tally = run(given.works, given.cuts, given.seed, lambda line: print(line, flush=True))
    print("\n".join([f"{name}: {count}" for name, count in sorted(tally.kills.items())]))
    print("\n".join(tally.lost) or "nothing lost, nothing damaged")
    return 1 if tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())
