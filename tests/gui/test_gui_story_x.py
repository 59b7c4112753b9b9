"""The real program in its own process, on a real X server with a window manager, under real keys."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gui.windowed import PASSPHRASE

_NEEDED = ("Xvfb", "openbox", "xdotool", "import")
_MISSING = [tool for tool in _NEEDED if shutil.which(tool) is None]
_PATIENCE = 40.0

pytestmark = pytest.mark.skipif(
    bool(_MISSING), reason=f"THE WINDOW WAS NOT TRIED ON A REAL X SERVER: this machine lacks {', '.join(_MISSING)}"
)


class Screen:
    """An X server with a window manager, and a pair of hands on its keyboard."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_IM_MODULE": "none"}

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._hands("key", "--delay", "60", *keys)

    def types(self, text: str) -> None:
        """Type ASCII text."""
        self._hands("type", "--delay", "30", text)

    def title(self) -> str:
        """What the window in front is called."""
        done = self._run("xdotool", "getactivewindow", "getwindowname")
        return done.stdout.strip()

    def picture(self, file: Path) -> int:
        """Photograph the screen; returns how many colours are on it."""
        self._run("import", "-window", "root", str(file))
        counted = self._run("identify", "-format", "%k", str(file))
        return int(counted.stdout or 0)

    def _hands(self, *words: str) -> None:
        done = self._run("xdotool", *words)
        assert done.returncode == 0, done.stderr

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=20)


def _until(what: str, met: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while not met():
        assert time.monotonic() < ends, f"waited in vain: {what}"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as told:
        shown = Screen(f":{told.readline().strip()}")
    manager = subprocess.Popen(["openbox"], env=shown.environment, stderr=subprocess.DEVNULL)
    yield shown
    for process in (manager, server):
        process.terminate()
        process.wait(10)


def test_the_desk_is_unlocked_by_real_keys(screen: Screen, prepared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(prepared / "desk", folder)
    environment = {**screen.environment, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    program = subprocess.Popen([sys.executable, "-m", "ui", str(folder)], env=environment)
    try:
        _until("the unlock page", lambda: bool(screen.title()))
        locked = screen.title()
        time.sleep(1)
        screen.types(PASSPHRASE)
        screen.keys("Return")
        _until("the open desk", lambda: screen.title() not in {"", locked})
        assert screen.picture(tmp_path / "open.png") > 50, "the window stayed blank"
    finally:
        program.terminate()
        program.wait(20)
