"""The longest turn of the event loop on every page, in processor time of the window's thread.

    python -m tests.bench.bench_window [--desk DIR | --households 1500] [--only 30] [--over 100]

Each scene of the gallery is opened once, as a first visit is; the turn that made it is the cost of a click. Then what
is done on the pages: a form saved, a list sorted, a step taken for the whole list of the year. Processor time, because
the machine may be shared; a turn over the budget of 100 ms is named. The desk is the demonstration's, or a village of
``--households`` (``tests.bench.big_village``).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.bench import window_actions
from tests.bench.big_village import big_village
from tests.gui.watchdog import Watchdog
from ui import doors, gallery_scenes
from ui.app import Program, make_application
from ui.gallery_scenes import Scene
from ui.remembered import Remembered

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


def _made(folder: Path, households: int) -> Path:
    folder.mkdir()
    return big_village(folder, households) if households else doors.make_demo(folder)(lambda _done, _total: None)


def _wanted(scenes: Iterable[Scene], only: Sequence[str]) -> Iterator[Scene]:
    return (scene for scene in scenes if not only or scene[0].startswith(tuple(only)))


def main() -> int:
    """Print a line for every scene, the longest first."""
    words = argparse.ArgumentParser()
    words.add_argument("--desk", type=Path)
    words.add_argument("--households", type=int, default=0)
    words.add_argument("--only", action="append", default=[], help="only scenes whose names begin so, again for more")
    words.add_argument("--over", type=float, default=100.0)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        desk = given.desk or _made(folder / "demo", given.households)
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
        scenes = gallery_scenes.behind(program, desk.parent / "roster.xlsx")
        found += measure(program, dog, _wanted(scenes, given.only))
        found += measure(program, dog, _wanted(window_actions.actions(program), given.only))
        program.window.close()
        app.processEvents()
    for name, longest in sorted(found, key=lambda one: -one[1]):
        print(f"{name:24} {longest:6.0f} ms {'OVER' if longest > given.over else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
