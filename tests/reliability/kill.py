"""Kills the program (-9) in the middle of its work, thousands of times, and looks whether it kept its word.

    python -m tests.reliability.kill --kills 10000

Each round a child opens the desk and works (see :mod:`tests.reliability.work`), telling the parent before and after
each step. It dies either by the parent's hand at a random moment, or by its own at the n-th commit, flush or renaming
of a step, so that every such point is met. Then the parent opens everything again: what was acknowledged must be
there, what was not must be there wholly or not at all, and the full audit must find no fault.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.reliability.points import die_at
from tests.reliability.work import STEPS, Office, found, prepare

FRESH_AFTER = 60
"""Rounds after which a new desk is taken, so that audits stay short."""

AUDIT_AFTER = 5
"""Rounds between full audits. Damage stays where it is, so none goes unseen; every round is held to its promises."""


@dataclass
class Promise:
    """What the child said: the state after its last acknowledged step, and the step under way."""

    kept: dict[str, Any] = field(default_factory=dict)
    step: str = ""
    coming: dict[str, Any] = field(default_factory=dict)
    acknowledged: int = 0
    points: int = 0


@dataclass
class Tally:
    """The figures of a run."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    survived: Counter[str] = field(default_factory=Counter)  # the step under way was there after all


def child(office: Office, seed: int, step: str, point: int, out: int) -> None:
    """Work until killed. ``step`` and ``point``: which step to begin with, and at which of its points to die."""
    chance = random.Random(seed)

    def tell(**said: Any) -> None:
        os.write(out, json.dumps(said).encode() + b"\n")

    with office:
        tell(now=office.state())
        todo = [step] if step else [chance.choice(list(STEPS)) for _ in range(30)]
        for name in todo:
            coming = office.promise(name, chance)
            tell(step=name, coming=coming)
            points = die_at(point) if step else None
            STEPS[name](office, coming)
            tell(done=name, points=points.passed if points else 0)


def _fork(work: Callable[[int], None]) -> tuple[int, int]:
    heard, said = os.pipe()
    pid = os.fork()
    if pid:
        os.close(said)
        return pid, heard
    os.close(heard)
    try:
        work(said)
    except BaseException:  # noqa: BLE001  a child that fails is a finding, not a kill
        os.write(said, json.dumps({"error": traceback.format_exc()}).encode() + b"\n")
    finally:
        os._exit(0)


def _listen(heard: int, pid: int, deadline: float | None) -> bytes:
    """Everything the child says until it is dead; after ``deadline`` seconds from its first word it is killed."""
    import select

    data, kill_at = b"", None
    while True:
        wait = None if kill_at is None else max(0.0, kill_at - time.monotonic())
        ready, _, _ = select.select([heard], [], [], wait)
        if not ready:
            os.kill(pid, signal.SIGKILL)
            kill_at = None
            continue
        piece = os.read(heard, 1 << 16)
        if not piece:
            return data
        if not data and deadline is not None:
            kill_at = time.monotonic() + deadline
        data += piece


def read(data: bytes, tally: Tally) -> Promise:
    """What the child promised; half a last line is no promise."""
    promise = Promise()
    for line in data.split(b"\n")[:-1]:
        said = json.loads(line)
        if "error" in said:
            tally.lost.append(f"the child failed: {said['error']}")
        if "now" in said:
            promise.kept = said["now"]
        if "step" in said:
            promise.step, promise.coming = said["step"], said["coming"]
        if "done" in said:
            promise.kept = {**promise.kept, **promise.coming}
            promise.acknowledged += 1
            promise.points = said["points"]
            tally.acknowledged[said["done"]] += 1
            promise.step, promise.coming = "", {}
    return promise


def judge(office: Office, promise: Promise, tally: Tally, *, audit: bool = True) -> None:
    """Open everything and hold it against the promise."""
    try:
        with office:
            now = office.state()
            if "received" in {**promise.kept, **promise.coming}:
                now |= office.received()
            faults = office.faults() if audit else []
            tally.lost += [f"after {promise.step or 'rest'}: {fault}" for fault in faults]
    except Exception:  # noqa: BLE001  a desk that does not open is the finding
        tally.lost.append(f"after {promise.step or 'rest'}: {traceback.format_exc()}")
        return
    for key, value in promise.kept.items():
        allowed = [value, promise.coming[key]] if key in promise.coming else [value]
        if not any(found(now.get(key), one) for one in allowed):
            tally.lost.append(f"after {promise.step or 'rest'}: {key} is {now.get(key)!r}, promised {allowed!r}")
    if promise.coming and all(found(now.get(key), value) for key, value in promise.coming.items()):
        tally.survived[promise.step] += 1


def run(kills: int, seed: int, steps: list[str] | None = None, tell: Callable[[str], None] = print) -> Tally:
    """``kills`` rounds, half of them at a random moment, half at the points of each step in turn."""
    tally, chance = Tally(), random.Random(seed)
    names = steps or list(STEPS)
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        template = prepare(Path(folder) / "template")
        office, at, point, told, began = Office(template), 0, 1, 0, time.monotonic()
        for number in range(kills):
            if number % FRESH_AFTER == 0:
                shutil.rmtree(Path(folder) / "now", ignore_errors=True)
                office = Office(Path(shutil.copytree(template, Path(folder) / "now")))
                office.settle()
            random_moment = number % 2 == 0
            name = "" if random_moment else names[at % len(names)]
            promise = _round(office, chance, name, point, tally)
            judge(office, promise, tally, audit=number % AUDIT_AFTER == AUDIT_AFTER - 1)
            for line in tally.lost[told:]:
                tell(f"LOST in round {number}: {line}")
            told = len(tally.lost)
            if not random_moment:
                at, point = (at, point + 1) if not promise.acknowledged else (at + 1, 1)
            if number % 250 == 249:
                tell(f"{number + 1} kills, {sum(tally.acknowledged.values())} acknowledged, {len(tally.lost)} faults, "
                     f"{time.monotonic() - began:.0f} s")  # fmt: skip
            if number % 2500 == 2499:
                tell(table(tally))
            if len(tally.lost) > 20:
                break
    return tally


def _round(office: Office, chance: random.Random, name: str, point: int, tally: Tally) -> Promise:
    seed = chance.randrange(1 << 30)
    deadline = None if name else chance.expovariate(1 / 0.2)
    pid, heard = _fork(lambda said: child(office, seed, name, point, said))
    try:
        data = _listen(heard, pid, deadline)
    finally:
        os.close(heard)
        _, status = os.waitpid(pid, 0)
    promise = read(data, tally)
    if os.WIFSIGNALED(status):
        tally.kills[promise.step or "between"] += 1
    return promise


def table(tally: Tally) -> str:
    """The figures by step, in Markdown."""
    lines = ["| step | killed inside | acknowledged | killed, yet done |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {tally.kills[name]} | {tally.acknowledged[name]} | {tally.survived[name]} |"
        for name in [*STEPS, "between"]
    ]
    total = (sum(tally.kills.values()), sum(tally.acknowledged.values()), sum(tally.survived.values()))
    lines.append("| **all** | **{}** | **{}** | **{}** |".format(*total))
    return "\n".join([*lines, "", f"lost or damaged: {len(tally.lost)}"])


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--step", action="append")
    arguments = parser.parse_args()
    tally = run(arguments.kills, arguments.seed, arguments.step, lambda line: print(line, flush=True))
    print(table(tally))
    return 1 if tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())
