"""``python -m ui.gallery DIR``: a picture of every page.

Further words: ``--lang=zh_CN|en --scale=100 --look=light|dark|contrast --size=1366x768 --desk=DIR
--role=desk|hub`` (both without it).

The pictures are of the program as it is, on a village of invented people.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from ui import doors, gallery_hub
from ui.app import Program, make_application
from ui.keymap import KeyMap
from ui.remembered import Remembered
from ui.welcome.wizard import SetUpWizard
from ui.years import working_year
from villagedesk import text
from villagedesk.desk import Desk

_PATIENCE = 30  # seconds

Picture = tuple[str, Callable[[], object]]


class Gallery:
    """Walks the program and takes the pictures."""

    def __init__(self, app: QApplication, program: Program, folder: Path) -> None:
        self._app = app
        self._program = program
        self._folder = folder
        self.taken: list[Path] = []

    def walk(self, desk: Path, roster: Path) -> None:
        """Take a picture of everything, before and behind the passphrase; ``roster`` is shown as an import."""
        for name, show in self._before(desk):
            self._take(name, show)
        self._program.entrance.unlock(desk, "", doors.DEMO_PASSPHRASE)
        self._settle()
        for name, show in self._behind(roster):
            self._take(name, show)

    def walk_hub(self, hub: Path) -> None:
        """Take a picture of every page of a township's hub."""
        program, window = self._program, self._program.window
        self._take("70-hub-setup", program.entrance.show_hub_set_up)
        program.entrance.unlock(hub, "", doors.DEMO_PASSPHRASE)
        self._settle()
        opened = program.hub
        if opened is None:
            raise RuntimeError("the demo hub did not open")
        first = opened.review.household_ids()[0]
        village = opened.review.reported()[0].village
        for name, key, place in (
            ("71-hub-villages", "villages", {}), ("73-hub-reported", "reported", {}), ("74-hub-files", "files", {}),
            ("75-hub-file", "file", {"household_id": first}), ("76-hub-conflicts", "conflicts", {}),
            ("77-hub-duplicates", "duplicates", {}), ("78-hub-lists", "lists", {}), ("79-hub-tables", "tables", {}),
            ("80-hub-settings", "hub", {}),
        ):  # fmt: skip
            self._take(name, partial(window.go, key, **place))
        for name, show in self._tabs("72-hub-village", "village", village=village):
            self._take(name, show)

    def _before(self, desk: Path) -> Iterator[Picture]:
        program = self._program
        yield "00-welcome", program.entrance.show_welcome
        program.entrance.show_set_up()
        wizard = program.window.front
        if isinstance(wizard, SetUpWizard):
            self._settle()
            yield "01-setup-village", lambda: wizard.village.search("32", "沭阳 周集")
            yield "02-setup-policy", lambda: self._all(wizard.policy.propose, "321322", wizard.show_step, 1)
            yield "03-setup-passphrase", lambda: self._all(wizard.secret.propose, "周集村", wizard.show_step, 2)
            yield "04-setup-recovery", lambda: wizard.made("4F7K-9QXA-2MNP-W8RT-6HVC-3JYD")
        yield "05-unlock", lambda: program.entrance.show_unlock(desk)

    def _behind(self, roster: Path) -> Iterator[Picture]:
        program, window = self._program, self._program.window
        desk = program.desk
        if desk is None:
            raise RuntimeError("the demo desk did not open")
        first = desk.lists.household_ids(None, "group")[0]
        _stage(desk)
        yield "10-today", lambda: window.go("today")
        yield "11-households", lambda: window.go("households")
        yield "11-members", lambda: window.go("members")
        yield from self._tabs("12-household", "household", household_id=first)
        yield "13-event", lambda: window.go("event", household_id=first, kind="split")
        yield "14-events", lambda: window.go("events")
        yield from self._tabs("20-plan", "plan", household_id=first)
        yield "24-plans", lambda: window.go("plans")
        yield "25-measures", lambda: window.go("measures")
        yield from self._tabs("26-visits", "visits")
        yield from self._tabs("27-team", "team")
        yield "28-concerns", lambda: window.go("concerns")
        yield from self._tabs("30-exits", "exits")
        yield "33-signing", lambda: window.go("signing")
        yield "34-scans", lambda: window.go("scans")
        yield "34-monitoring", lambda: window.go("monitoring")
        yield "34-procedures", lambda: window.go("procedures")
        yield "34-village-exit", lambda: window.go("village-exit")
        yield "35-notices", lambda: window.go("notices")
        yield "36-papers", lambda: window.go("papers", kind="exit_record", year=working_year(desk))
        yield from self._tabs("37-village", "village")
        yield "38-projects", lambda: window.go("projects")
        yield from self._tabs("39-money", "money")
        yield from self._tabs("45-reports", "reports")
        yield "40-import", lambda: window.go("import")
        yield "41-import-preview", lambda: window.go("import", file=roster)
        yield "42-findings", lambda: window.go("findings")
        yield "43-exchange", lambda: window.go("exchange")
        yield "44-conflicts", lambda: window.go("conflicts")
        yield from self._tabs("50-settings", "settings")
        yield "51-backups", lambda: window.go("backups")
        yield "52-people", lambda: window.go("people")
        yield "53-audit", lambda: window.go("audit")
        yield "54-privacy", lambda: window.go("privacy")
        if window.frame is not None:
            finder = window.frame.finder
            yield "60-finder", lambda: self._all(window.go, "households", finder.setText, "w")
        self._take_widget("61-keys", KeyMap(window))
        window.go("exits")
        yield "62-help", window.show_help
        window.close_help()

    def _all(self, first: Callable[[Any], object], one: Any, then: Callable[[Any], object], other: Any) -> None:
        first(one)
        then(other)

    def _tabs(self, name: str, page: str, **place: object) -> Iterator[Picture]:
        window = self._program.window
        yield f"{name}-0", lambda: window.go(page, **place)
        shown = window.frame.page if window.frame else None
        tabs = getattr(shown, "tabs", None) or getattr(getattr(shown, "case", None), "tabs", None)
        if isinstance(tabs, QTabWidget):
            for number in range(tabs.count()):
                yield f"{name}-{number}", partial(tabs.setCurrentIndex, number)

    def _take(self, name: str, show: Callable[[], object]) -> None:
        show()
        self._settle()
        self._take_widget(name, self._program.window)

    def _take_widget(self, name: str, widget: QWidget) -> None:
        file = self._folder / f"{name}.png"
        widget.grab().save(str(file))
        self.taken.append(file)

    def _settle(self) -> None:
        until = time.monotonic() + 0.4
        limit = time.monotonic() + _PATIENCE
        while time.monotonic() < until or (self._program.jobs.running and time.monotonic() < limit):
            self._app.processEvents()
            time.sleep(0.01)
        self._app.processEvents()


def _stage(desk: Desk) -> None:
    """Try again with those held back, so that the pictures show open cases, and draft a notice of them."""
    year = working_year(desk)
    held = [row.household.id for row in desk.exits.of_year(year) if not row.household.exited_year]
    if held:
        cases = desk.exits.propose(year, held, "gallery").records["exit"]
        desk.exits.take(cases[:8], "list", "gallery")
        notice = desk.notices.draft("exit", year, cases[:4], "gallery").records["notice"][0]
        desk.notices.plan_days(notice, desk.site.today(), "gallery")


def main(arguments: list[str]) -> int:
    """Make the demo village where it is missing, and the pictures."""
    words = {key: value for key, _, value in (word[2:].partition("=") for word in arguments if word.startswith("--"))}
    folder = Path(next((word for word in arguments if not word.startswith("--")), "gallery")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    desk = Path(words["desk"]) if "desk" in words else doors.make_demo(folder / "demo")(lambda _done, _total: None)
    shutil.rmtree(folder / "desk", ignore_errors=True)
    shutil.copytree(desk, folder / "desk")
    settings = folder / "gallery.ini"
    settings.unlink(missing_ok=True)
    remembered = Remembered(settings)
    for key, default in (("scale", "100"), ("look", "light")):
        remembered.keep(key, words.get(key, default))
    app = make_application(sys.argv[:1], remembered, words.get("lang", text.DEFAULT_LANGUAGE))
    program = Program(remembered)
    program.window.resize(*(int(part) for part in words.get("size", "1366x768").split("x")))
    program.start()
    gallery = Gallery(app, program, folder)
    if words.get("role", "desk") == "desk":
        gallery.walk(folder / "desk", desk.parent / "roster.xlsx")
    if words.get("role", "hub") == "hub":
        program.lock()
        gallery.walk_hub(gallery_hub.stage(desk.parent / "hub", folder))
    program.window.close()
    print(len(gallery.taken), folder)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
