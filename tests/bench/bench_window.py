"""The longest turn of the event loop on every page, in processor time of the window's thread.

    python -m tests.bench.bench_window [--desk DIR | --households 1500] [--only 30] [--over 100] [--lists]

Each scene of the gallery is opened once, as a first visit is; the turn that made it is the cost of a click. Then what
is done on the pages: a form saved, a list sorted, a step taken for the whole list of the year. Processor time, because
the machine may be shared; a turn over the budget of 100 ms is named. The desk is the demonstration's, or a village of
``--households`` (``tests.bench.big_village``). ``--lists``: only what is done in the two long lists, on a desk with
nothing but files in it, so that there may be as many as a county has.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.bench import window_actions
from tests.bench.big_village import big_village, long_list, next_roster
from tests.gui.watchdog import Watchdog
from ui import doors, gallery_scenes
from ui.app import Program, make_application
from ui.gallery_scenes import Scene
from ui.remembered import Remembered

Outcome = tuple[Sequence[tuple[str, float]], Mapping[str, object]]
"""The scenes with their longest turns, and what was said of the desk in the end."""

Named = TypeVar("Named", bound=tuple[str, object])

_REST = 250  # milliseconds in which a page draws itself
_LOOKED_AT = 4_000  # milliseconds somebody looks at what is due before the next click
_PATIENCE = 300.0


def _rest(program: Program, milliseconds: int = _REST) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        if not program.jobs.running or time.monotonic() > until:
            return


def _touch(program: Program) -> None:
    """Somebody is there: what is left for the time when nobody is stays undone."""
    shown = program.window.windowHandle()
    if shown is not None:
        QApplication.sendEvent(shown, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier))


def measure(program: Program, dog: Watchdog, scenes: Iterable[Scene]) -> Iterator[tuple[str, float]]:
    """Bring each scene to the front in a turn of its own; its name and its longest turn in milliseconds."""
    for name, show in scenes:
        _touch(program)
        dog.taken()
        QTimer.singleShot(0, show)
        _rest(program)
        yield name, dog.taken()


def _made(folder: Path, given: argparse.Namespace) -> Path:
    folder.mkdir()
    households: int = given.households
    if given.lists:
        return long_list(folder, households or 100_000)
    return big_village(folder, households) if households else doors.make_demo(folder)(lambda _done, _total: None)


def _wanted(named: Iterable[Named], only: Sequence[str]) -> Iterator[Named]:
    return (one for one in named if not only or one[0].startswith(tuple(only)))


def _listed(program: Program, dog: Watchdog, _desk: Path, _folder: Path) -> Outcome:
    """What is done in the long lists."""
    return list(measure(program, dog, window_actions.listing(program))), {}


def _walked(program: Program, dog: Watchdog, desk: Path, folder: Path) -> Outcome:
    """Every page, then what is done on them; and what the desk has of it in the end."""
    trouble, stick = list[str](), folder / "stick"
    stick.mkdir()
    program.window.messages.told.connect(lambda tone, text: trouble.append(text) if tone == "problem" else None)
    roster = next_roster(folder / "next.xlsx", program.desk.lists.count() if program.desk else 0)
    found = list(measure(program, dog, gallery_scenes.behind(program, desk.parent / "roster.xlsx")))
    found += measure(program, dog, window_actions.actions(program, roster, stick))
    said = {**window_actions.outcome(program), "told of trouble": trouble}
    found += measure(program, dog, window_actions.restoring(program, stick))
    return found, said


def main() -> int:
    """Print a line for every scene, the longest first."""
    words = argparse.ArgumentParser()
    words.add_argument("--desk", type=Path)
    words.add_argument("--households", type=int, default=0)
    words.add_argument("--only", action="append", default=[], help="only scenes whose names begin so, again for more")
    words.add_argument("--lists", action="store_true")
    words.add_argument("--over", type=float, default=100.0)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        desk = given.desk or _made(folder / "demo", given)
        shutil.copytree(desk, folder / "desk")
        app = make_application(sys.argv[:1], remembered := Remembered(folder / "window.ini"))
        program = Program(remembered)
        program.window.resize(1366, 768)
        program.start()
        dog = Watchdog()
        _rest(program)
        found = [("00-start", dog.taken())]
        found += measure(program, dog, gallery_scenes.before(program, folder / "desk"))
        found += measure(program, dog, [("05-opening", lambda: gallery_scenes.open_desk(program, folder / "desk"))])
        _rest(program, _LOOKED_AT)
        more, said = (_listed if given.lists else _walked)(program, dog, desk, folder)
        found += _wanted(more, given.only)
        program.window.close()
        app.processEvents()
    for name, longest in sorted(found, key=lambda one: -one[1]):
        print(f"{name:24} {longest:6.0f} ms {'OVER' if longest > given.over else ''}")
    for what, count in said.items():
        print(what, count, sep=": ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
