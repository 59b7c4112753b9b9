"""Benchmarks against a named peer in the same run; rows go to docs/benchmarks.md with the machine named (DESIGN §8).

    python tests/bench/run.py NAME… [--households N] [--rounds N] [--dry] [--demo FOLDER]

Names: import, find, start, rules; all of them without a name. Ours and the peer take turns, so that a busy machine
hurts both; medians are compared. ``--dry`` prints without writing; ``--processor`` takes processor time, which other
work on the machine moves less. ``--demo`` is a folder that ``villagedesk demo`` made: the rules then run over a village
whose statements, plans and exits are kept, not over a list taken in alone.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage, generate

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.drafts.household import HouseholdDraft

clock: Callable[[], float] = time.perf_counter
TABLE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `python tests/bench/run.py`: medians, ours and the named peer in turn in one run. Compare ratios, not times.

| bench | work | ours | peer | time of the peer | ratio | target | machine | day |
|---|---|---|---|---|---|---|---|---|
"""
PASSPHRASE = "a passphrase for benches"
PROFILE = "national-2018"


@dataclass(frozen=True)
class Result:
    """One row of the table; times in seconds."""

    bench: str
    work: str
    ours: float
    peer: str
    theirs: float
    target: str

    @property
    def row(self) -> str:
        ratio, day = f"{self.ours / self.theirs:.2f}", f"{datetime.now(UTC):%Y-%m-%d}"
        shown = _megabytes if self.bench == "memory" else _time
        cells = (self.bench, self.work, shown(self.ours), self.peer, shown(self.theirs), ratio, self.target, machine(),
                 day)  # fmt: skip
        return f"| {' | '.join(cells)} |"


@dataclass(frozen=True)
class Options:
    """How much and how often."""

    households: int
    rounds: int
    demo: Path | None = None


def bench_import(options: Options) -> Iterator[Result]:
    """A roster of 26 columns into an empty encrypted desk, all checks, committed; peer: the reader alone."""
    from python_calamine import CalamineWorkbook

    with tempfile.TemporaryDirectory() as folder:
        village = generate(PROFILE, options.households, 1)
        roster = Path(folder, "roster.xlsx")
        write_roster(village, roster, "26")
        count = sum(len(each.draft.members) for each in village.households)

        def ours() -> None:
            with tempfile.TemporaryDirectory(dir=folder) as place, new_desk(Path(place, "desk"), village) as desk:
                start = clock()
                desk.rosters.take(desk.rosters.preview(roster), "bench")
                spent.append(clock() - start)

        def peer() -> None:
            CalamineWorkbook.from_path(str(roster)).get_sheet_by_index(0).to_python()

        spent: list[float] = []
        _, theirs = in_turn(ours, peer, options.rounds)
        work = f"{options.households:,} households, {count:,} rows × 26 columns"
        yield Result("import", work, statistics.median(spent), "python-calamine, reading alone", theirs, "≤ 2.5")


def bench_find(options: Options) -> Iterator[Result]:
    """Each keystroke of several searches through the service; peer: LIKE over a plain SQLite table."""
    with tempfile.TemporaryDirectory() as folder:
        village = generate(PROFILE, options.households, 1)
        roster = Path(folder, "roster.csv")
        write_roster(village, roster, "26")
        plain = plain_table(each.draft for each in village.households)
        with new_desk(Path(folder, "desk"), village) as desk:
            desk.rosters.take(desk.rosters.preview(roster), "bench")
            strokes = list(keystrokes(village))
            ours = p95(desk.lists.find, strokes, options.rounds)
            theirs = p95(lambda text: like(plain, text), strokes, options.rounds)
        people = plain.execute("select count(*) from member").fetchone()[0]
        yield Result("find", f"p95 of a keystroke, {people:,} members", ours,
                     "sqlite3 LIKE, plain file, no pinyin", theirs, "≤ 16 ms")  # fmt: skip


def bench_start(options: Options) -> Iterator[Result]:
    """From the start of the process to the window on screen; peer: a bare window with an empty table."""
    with tempfile.TemporaryDirectory() as home:
        shown(OUR_WINDOW, home)  # compiles
        ours, theirs = in_turn(lambda: shown(OUR_WINDOW, home), lambda: shown(BARE_WINDOW, home), options.rounds)
    yield Result("start", "process start to window shown (offscreen)", ours, BARE, theirs, "≤ 1.5")
    with tempfile.TemporaryDirectory() as home:
        folder = bench_desk(Path(home), 1_500)
        ours, theirs = in_turn(lambda: shown(OUR_DESK, home, folder), lambda: shown(BARE_WINDOW, home), options.rounds)
        yield Result("start", "process start to the first page of 1,500 households, passphrase given", ours, BARE,
                     theirs, "≤ 3.5")  # fmt: skip
        entered = [enter(home, folder) for _ in range(options.rounds)]
        yield Result("start", "Enter to the first page of 1,500 households, imported while the passphrase is typed",
                     statistics.median(entered), BARE, theirs, "≤ 3.5")  # fmt: skip
        weights = [shown(program, home, folder) for program in (OUR_DESK, BARE_WINDOW)]
    yield Result("memory", "open window at 1,500 households, resident MB", weights[0], BARE, weights[1], "≤ 1.5")


def bench_rules(options: Options) -> Iterator[Result]:
    """All rules over a village, and over the one file open in a form; peer: plain sqlite3 reading the same rows."""
    from villagedesk.commands.demo import PASSPHRASE as OF_DEMOS
    from villagedesk.desk import open_desk

    with tempfile.TemporaryDirectory() as home:
        folder = options.demo / "desk" if options.demo else bench_desk(Path(home), min(options.households, 1_500))
        with open_desk(folder, OF_DEMOS if options.demo else PASSPHRASE, author="bench") as desk:
            everybody = desk.households.all()
            plain, draft = plain_table(everybody), everybody[0]
            desk.checks.of_draft(draft)
            every = in_turn(desk.checks.run, lambda: read_all(plain), options.rounds)
            one = in_turn(lambda: desk.checks.of_draft(draft), lambda: like(plain, draft.members[0].name),
                          options.rounds * 20)  # fmt: skip
    kind = "of a demonstration, papers and all" if options.demo else "of a list taken in"
    households = len(everybody)
    yield Result("rules", f"all rules over {households:,} households {kind}", every[0],
                 "plain sqlite3, every member read", every[1], "≤ 1 s")  # fmt: skip
    yield Result("rules", f"all rules of the open form, a household {kind}", one[0], "plain sqlite3, LIKE", one[1],
                 "≤ 5 ms")  # fmt: skip


def read_all(plain: sqlite3.Connection) -> object:
    """Every member of the plain table."""
    return plain.execute("select * from member").fetchall()


BARE = "PySide6 main window with an empty table"
BARE_WINDOW = """
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
app = QApplication([])
window, table = QMainWindow(), QTableView()
table.setModel(QStandardItemModel(0, 8))
window.setCentralWidget(table)
window.show()
app.processEvents()
"""
OUR_WINDOW = """
from ui.app import Program, make_application
from ui.remembered import Remembered
remembered = Remembered()
app = make_application(["villagedesk"], remembered)
program = Program(remembered)
program.window.show()
app.processEvents()
"""
OUR_DESK = """
import sys
from pathlib import Path
from ui.app import Program, make_application
from PySide6.QtCore import QEventLoop
from ui.remembered import Remembered
from villagedesk.text import say
remembered = Remembered()
app = make_application(["villagedesk"], remembered)
program = Program(remembered, folder=Path(sys.argv[1]))
program.start()
program.entrance.unlock(Path(sys.argv[1]), "", sys.argv[2])
loop = QEventLoop()
program.jobs.finished.connect(lambda job: loop.quit() if job.title == say("Work list") else None)
loop.exec()
app.processEvents()
"""
OUR_ENTER = """
import sys, time
from pathlib import Path
from ui.app import Program, make_application
from PySide6.QtCore import QEventLoop
from ui.remembered import Remembered
from villagedesk.text import say
remembered = Remembered()
app = make_application(["villagedesk"], remembered)
program = Program(remembered, folder=Path(sys.argv[1]))
loop = QEventLoop()
program.jobs.finished.connect(lambda job: loop.quit() if job.title == say("Starting") else None)
program.start()
loop.exec()
began = time.perf_counter()
program.entrance.unlock(Path(sys.argv[1]), "", sys.argv[2])
program.jobs.finished.connect(lambda job: loop.quit() if job.title == say("Work list") else None)
loop.exec()
app.processEvents()
print(time.perf_counter() - began, flush=True)
"""
SAY_SO = """
import os, resource
pages = int(open("/proc/self/statm").read().split()[1]) if os.path.exists("/proc/self/statm") else 0
os.write(1, b"shown %d" % (pages * resource.getpagesize()))
os._exit(0)
"""


def bench_desk(folder: Path, households: int) -> Path:
    """A desk with this many households in it; returns its folder."""
    village = generate(PROFILE, households, 1)
    write_roster(village, folder / "roster.csv", "26")
    with new_desk(folder / "desk", village) as desk:
        desk.rosters.take(desk.rosters.preview(folder / "roster.csv"), "bench")
    return folder / "desk"


def shown(program: str, home: str, folder: Path | None = None) -> float:
    """Start a Python that shows a window and says so; its settings live in ``home``. Returns its memory in MB."""
    folders = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), home)
    environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program starts from compiled files
    environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir(), "villagedesk-bench-compiled"))
    command = [sys.executable, "-c", program + SAY_SO, *([str(folder), PASSPHRASE] if folder else [])]
    said = subprocess.run(command, env=environment, capture_output=True, check=True)
    return int(said.stdout.rpartition(b"shown")[2]) / 1e6


def enter(home: str, folder: Path) -> float:
    """Seconds from the Enter after the passphrase to the first page, when the imports are done."""
    environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", OUR_ENTER + SAY_SO, str(folder), PASSPHRASE]
    said = subprocess.run(command, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True)
    return float(said.stdout.split()[0])


@contextmanager
def new_desk(folder: Path, village: GeneratedVillage) -> Iterator[Desk]:
    """A desk of the village with nobody in it yet."""
    from villagedesk.desk import create_desk

    desk, _ = create_desk(folder, PASSPHRASE, village.file, author="bench")
    with desk:
        yield desk


def plain_table(households: Iterable[HouseholdDraft]) -> sqlite3.Connection:
    """The same people in an unencrypted table of a file in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table member (name text, id_number text, phone text, household text)")
    rows = ((person.name, person.id_number, person.phone, each.no) for each in households for person in each.members)
    connection.executemany("insert into member values (?, ?, ?, ?)", rows)
    return connection


def like(connection: sqlite3.Connection, text: str) -> list[tuple[str, ...]]:
    """What somebody would write without an index."""
    part = f"%{text}%"
    return connection.execute(
        "select * from member where name like ? or id_number like ? or phone like ? or household like ? limit 50",
        (part, part, part, part),
    ).fetchall()


def keystrokes(village: GeneratedVillage) -> Iterator[str]:
    """What stands in the search box after each key of some searches: names, ID tails, pinyin initials."""
    people = [person for each in village.households for person in each.draft.members]
    for person in people[:: max(len(people) // 40, 1)]:
        for wanted in (person.name, person.id_number[-6:], "wjg", "zhang"):
            yield from (wanted[:length] for length in range(1, len(wanted) + 1))


def p95(find: Callable[[str], object], strokes: Sequence[str], rounds: int) -> float:
    """The 95th percentile of one keystroke, after one that warms up."""
    find(strokes[0])
    times = []
    for text in strokes * rounds:
        start = clock()
        find(text)
        times.append(clock() - start)
    return statistics.quantiles(times, n=20)[-1]


def in_turn(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The medians of both, run alternately."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, spent in zip((ours, peer), times, strict=True):
            start = clock()
            work()
            spent.append(clock() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def machine() -> str:
    """What this ran on: processor, cores, system, Python."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    name = model[1] if model else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def _megabytes(number: float) -> str:
    return f"{number:.0f} MB"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def keep(results: Sequence[Result]) -> None:
    """Put the rows into the table; a row of the same bench, work and machine is replaced."""
    text = TABLE.read_text("utf-8") if TABLE.exists() else HEAD
    lines = text.splitlines()
    for result in results:
        start = f"| {result.bench} | {result.work} |"
        lines = [line for line in lines if not (line.startswith(start) and f"| {machine()} |" in line)]
        lines.insert(_end_of_table(lines), result.row)
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


def _end_of_table(lines: Sequence[str]) -> int:
    """Where the first table ends."""
    first = next(place for place, line in enumerate(lines) if line.startswith("|"))
    return next((place for place in range(first, len(lines)) if not lines[place].startswith("|")), len(lines))


BENCHES: dict[str, Callable[[Options], Iterator[Result]]] = {
    "import": bench_import,
    "find": bench_find,
    "start": bench_start,
    "rules": bench_rules,
}


def main() -> None:
    """Run the benches named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*BENCHES, []])
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dry", action="store_true")
    parser.add_argument("--demo", type=Path)
    parser.add_argument("--processor", action="store_true")
    given = parser.parse_args()
    if given.processor:
        globals()["clock"] = time.process_time
    results = []
    for name in given.names or BENCHES:
        for result in BENCHES[name](Options(given.households, given.rounds, given.demo)):
            told = replace(result, work=f"{result.work} (processor time)") if given.processor else result
            print(told.row, flush=True)
            results.append(told)
    if not given.dry:
        keep(results)


if __name__ == "__main__":
    main()
