"""What holds for every test: no display, no network, own folders, Chinese, and no warning that nobody expected."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

import hypothesis
import pytest

from villagedesk import text

hypothesis.settings.register_profile(
    "test",
    derandomize=True,
    max_examples=20,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # a busy machine is no finding
)
hypothesis.settings.register_profile(
    "nightly", max_examples=1000, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "broken", max_examples=300, deadline=None, report_multiple_bugs=False, database=None,
    phases=[hypothesis.Phase.generate], suppress_health_check=[hypothesis.HealthCheck.too_slow],
)  # fmt: skip
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CONFIG_HOME": "config",
    "XDG_CACHE_HOME": "cache",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "APPDATA": "config",
    "LOCALAPPDATA": "data",
}


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own: settings and caches of the person at the keyboard are neither read nor written."""
    home = tmp_path_factory.mktemp("home")
    for variable, part in FOLDERS.items():
        folder = home / part
        folder.mkdir(exist_ok=True)
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.delenv("VILLAGEDESK_PASSPHRASE", raising=False)
    return home


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Each test starts in the program's first language, whatever the one before it chose."""
    text.use(text.DEFAULT_LANGUAGE)
    yield
    text.use(text.DEFAULT_LANGUAGE)


class _Warnings(logging.Handler):
    """Keeps what was logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_silent_warning(request: pytest.FixtureRequest) -> Iterator[None]:
    """A logged warning fails the test, unless the test asks for ``caplog`` and so looks at the log itself."""
    handler = _Warnings()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if handler.lines and "caplog" not in request.fixturenames:
        pytest.fail("logged, and no test expected it:\n" + "\n".join(handler.lines), pytrace=False)


@pytest.fixture(autouse=True)
def no_window_left_open() -> Iterator[None]:
    """A window that outlives its test would answer for the next one; hand it to ``qtbot`` or close it."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    left = [widget for widget in widgets.QApplication.topLevelWidgets() if widget.isVisible()]
    for widget in left:
        widget.close()
    if left:
        pytest.fail(f"left open: {[type(widget).__name__ for widget in left]}", pytrace=False)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """The program opens no socket (DESIGN §5.12). The hub's PostgreSQL driver connects beneath Python, so is exempt."""

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError(f"the program reached for the network: {args[-1]!r}")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto", "bind"):
            patch.setattr(socket.socket, name, refuse)
        for name in ("getaddrinfo", "gethostbyname", "create_connection"):
            patch.setattr(socket, name, refuse)
        yield
