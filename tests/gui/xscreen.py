"""A real X server with hands and eyes: xdotool presses and clicks, ``witness.py`` writes down what is in front."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from villagedesk import text

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox", "xdotool", "import")
MISSING = [tool for tool in NEEDED if shutil.which(tool) is None]
WHY = f"THE WINDOW WAS NOT TRIED ON A REAL X SERVER: this machine lacks {', '.join(MISSING)}"
NOISE = ("propagateSizeHints", "XDG_RUNTIME_DIR")
_PATIENCE = 120.0
_AT_REST = 0.4  # seconds


class Screen:
    """An X server with a window manager, a pair of hands, and eyes on what the program wrote down."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_IM_MODULE": "compose"}
        self.notes = Path()
        self.strokes = 0
        self.clicks = 0

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self.strokes += len(keys)
        self._hands("key", "--delay", "40", *keys)

    def types(self, words: str) -> None:
        """Type ASCII text."""
        self.strokes += len(words)
        self._hands("type", "--delay", "15", words)

    def commits(self, words: str, into: str) -> None:
        """Chinese, as an input method hands it over: two keys a sign and one to choose."""
        self.clicks_on(into)
        self.commits_here(words, into)

    def commits_here(self, words: str, into: str) -> None:
        """Chinese where the cursor stands already, in what is called ``into``."""
        self.until(f"the cursor in “{into}”", lambda now: into in now["focus"])
        self.strokes += 2 * len(words) + 1
        (self.notes / "commit").write_text(words, encoding="utf-8")
        self.until(f"{words} typed", lambda now: words in now["text"])

    def chooses(self, name: str) -> None:
        """Walk down the open menu to what is called ``name``, and choose it."""
        for _ in range(40):
            if name in self.state()["chosen"]:
                self.keys("Return")
                return
            before = self.state()["chosen"]
            self.keys("Down")
            self.until("the next entry", lambda now, before=before: now["chosen"] != before)
        raise AssertionError(f"“{name}” is not in the menu")

    def at(self, name: str) -> None:
        """Wait until the cursor is in what is called ``name``, and to be seen there."""
        self.until(f"the cursor at “{name}”", lambda now: name in now["focus"] and now["seen"])

    def clicks_on(self, name: str) -> None:
        """Click on what is called ``name``, once it can be clicked."""
        self.clicks += 1
        before = None
        while (place := self._place_of(name)) != before:  # a page just opened still lays itself out
            before = place
            time.sleep(_AT_REST)
        self.points_at(*place)

    def points_at(self, x: int, y: int) -> None:
        """Move there and click."""
        self._hands("mousemove", str(x), str(y), "click", "1")

    def _place_of(self, name: str) -> list[int]:
        now = self.until(f"“{name}” can be clicked", lambda now: any(name in place for place in now["places"]))
        return next(place for key, place in now["places"].items() if name in key)

    def state(self) -> dict[str, Any]:
        """What is in front now."""
        file = self.notes / "state.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def until(self, what: str, met: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait for it; the picture of the screen stays when it never comes."""
        ends = time.monotonic() + _PATIENCE
        while True:
            now = self.state()
            if now and met(now):
                return now
            if time.monotonic() > ends:
                self.picture(self.notes / "stuck.png")
                raise AssertionError(f"waited in vain: {what}; {self.notes}/stuck.png; {now}")
            time.sleep(0.05)

    def picture(self, file: Path) -> int:
        """Photograph the screen; returns how many colours are on it."""
        self._run("import", "-window", "root", str(file))
        return int(self._run("identify", "-format", "%k", str(file)).stdout or 0)

    def _hands(self, *words: str) -> None:
        done = self._run("xdotool", *words)
        assert done.returncode == 0, done.stderr

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=30)


@contextmanager
def shown(wide: int, high: int) -> Iterator[Screen]:
    """An X server of this size with a window manager, for as long as the block lasts."""
    read, write = os.pipe()
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{wide}x{high}x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as told:
        screen = Screen(f":{told.readline().strip()}")
    manager = subprocess.Popen(["openbox"], env=screen.environment, stderr=subprocess.DEVNULL)
    try:
        yield screen
    finally:
        for process in (manager, xvfb):
            process.terminate()
            process.wait(10)


def start(screen: Screen, home: Path, language: str, scale: str, *words: str) -> subprocess.Popen[bytes]:
    """The real program in a process of its own, with a home of its own; ``words`` go to the witness."""
    text.use(language)
    folders = dict.fromkeys(
        ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"), str(home)
    )
    environment = {
        **screen.environment, **folders, "STORY_LANGUAGE": language, "QT_SCALE_FACTOR": scale, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "tests.gui.witness", str(screen.notes), *words], env=environment)
