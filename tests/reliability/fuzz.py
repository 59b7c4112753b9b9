"""Feeds spoilt files to every reader of a file from outside, and counts.

    python -m tests.reliability.fuzz --inputs 100000 --seconds 300

Each reader runs in a process of its own with 1 GiB of memory above what it started with and 10 seconds an input; a
reader that dies or hangs is found by its parent, with the input. What a reader may do is answer or raise one of our
errors. Bad inputs are kept in --keep.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import mmap
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.reliability.parsers import Parser, all_parsers
from villagedesk.errors import VillageDeskError

MEMORY = 1 << 30
SECONDS = 10
_ROOM = 64 << 20  # of the shared page that holds the input under way


@dataclass
class Verdict:
    """What one reader did."""

    inputs: int = 0
    answered: int = 0
    slowest: float = 0.0
    memory: int = 0  # bytes its process grew by at most
    findings: dict[str, int] = field(default_factory=dict)


def try_reader(parser: Parser, inputs: int, seconds: float, seed: int, keep: Path) -> Verdict:
    """Feed one reader, in a child; start a new child after a death, until enough was fed."""
    verdict, until = Verdict(), time.monotonic() + seconds
    page = mmap.mmap(-1, _ROOM)
    while verdict.inputs < inputs and time.monotonic() < until:
        heard, said = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(heard)
            _feed(parser, inputs - verdict.inputs, until, random.Random(f"{seed}-{verdict.inputs}"), page, said, keep)
        os.close(said)
        with os.fdopen(heard, "rb") as stream:
            last = stream.read().splitlines()
        _, status = os.waitpid(pid, 0)
        _add(verdict, json.loads(last[-1]) if last else {})
        if os.WIFSIGNALED(status):
            _note(verdict.findings, f"died: {signal.Signals(os.WTERMSIG(status)).name}", _under_way(page), keep)
            verdict.inputs += 1
    return verdict


def _feed(
    parser: Parser, inputs: int, until: float, chance: random.Random, page: mmap.mmap, said: int, keep: Path
) -> None:
    verdict = Verdict()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    start = _virtual()
    resource.setrlimit(resource.RLIMIT_AS, (start + MEMORY, start + MEMORY))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(inputs):
        data = parser.spoil(chance.choice(parser.seeds), chance, parser.seeds)[: _ROOM - 8]
        page[:8] = len(data).to_bytes(8)
        page[8 : 8 + len(data)] = data
        _one(parser, data, verdict, keep)
        if number % 200 == 0 or verdict.inputs == inputs:
            verdict.memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
            os.write(said, json.dumps(vars(verdict)).encode() + b"\n")
        if time.monotonic() > until:
            break
    verdict.memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
    os.write(said, json.dumps(vars(verdict)).encode() + b"\n")
    os._exit(0)


def _one(parser: Parser, data: bytes, verdict: Verdict, keep: Path) -> None:
    began = time.perf_counter()
    signal.alarm(SECONDS)  # the default answer to it is death
    try:
        parser.read(data)
        verdict.answered += 1
    except VillageDeskError as error:
        str(error)
    except MemoryError:
        _note(verdict.findings, "more than 1 GiB", data, keep)
    except Exception as error:  # noqa: BLE001  this is what is looked for
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
        _note(verdict.findings, where, data, keep)
    finally:
        signal.alarm(0)
    verdict.inputs += 1
    verdict.slowest = max(verdict.slowest, time.perf_counter() - began)


def _note(findings: dict[str, int], what: str, data: bytes, keep: Path) -> None:
    findings[what] = findings.get(what, 0) + 1
    if findings[what] == 1:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        print("FOUND", what, hashlib.sha256(data).hexdigest()[:16], file=sys.stderr)


def _under_way(page: mmap.mmap) -> bytes:
    return bytes(page[8 : 8 + int.from_bytes(page[:8])])


def _virtual() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * mmap.PAGESIZE


def _add(verdict: Verdict, said: Mapping[str, Any]) -> None:
    verdict.inputs += said.get("inputs", 0)
    verdict.answered += said.get("answered", 0)
    verdict.slowest = max(verdict.slowest, said.get("slowest", 0.0))
    verdict.memory = max(verdict.memory, said.get("memory", 0))
    verdict.findings = dict(Counter(verdict.findings) + Counter(said.get("findings", {})))


def row(name: str, found: Verdict) -> str:
    """One line of the table."""
    return (
        f"| {name} | {found.inputs:,} | {found.answered:,} | {sum(found.findings.values())} | "
        f"{found.slowest:.2f} | {found.memory >> 20} |"
    )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-findings")
    arguments = parser.parse_args()
    print("| reader | inputs | taken | findings | slowest, s | memory, MiB |\n|---|---|---|---|---|---|", flush=True)
    total = Verdict()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for name, reader in all_parsers(Path(folder)).items():
            if not arguments.only or name in arguments.only:
                found = try_reader(reader, arguments.inputs, arguments.seconds, arguments.seed, arguments.keep)
                print(row(name, found), flush=True)
                _add(total, vars(found))
    print(row("**all**", total))
    for what, count in sorted(total.findings.items()):
        print(f"{count:>6} × {what}")
    return 1 if total.findings else 0


if __name__ == "__main__":
    sys.exit(main())
