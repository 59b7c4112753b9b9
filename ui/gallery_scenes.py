"""What the gallery shows: every page of a desk and of a hub, before and behind the passphrase, each tab and dialog.

A scene is a name and what brings it to the front; whoever walks them decides what to do there. They are made one after
the other: a scene may rest on what the one before it showed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPushButton, QTabWidget

from ui import doors, pages
from ui.app import Program
from ui.tables import TableView
from ui.welcome.wizard import SetUpWizard
from ui.years import working_year
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.policy.profile import pack_text
from villagedesk.text import tr

Scene = tuple[str, Callable[[], object]]

RECOVERY_KEY = "4F7K-9QXA-2MNP-W8RT-6HVC-3JYD"
"""Of nothing: shown where a real one would be."""


def before(program: Program, desk: Path) -> Iterator[Scene]:
    """From the welcome to the passphrase."""
    yield "00-welcome", program.entrance.show_welcome
    yield "01-setup", program.entrance.show_set_up
    wizard = program.window.front
    if isinstance(wizard, SetUpWizard):
        yield "01-setup-village", lambda: wizard.village.search("32", "沭阳 周集")
        yield "02-setup-policy", lambda: _both(partial(wizard.policy.propose, "321322"), partial(wizard.show_step, 1))
        yield (
            "03-setup-passphrase",
            lambda: _both(partial(wizard.secret.propose, "周集村"), partial(wizard.show_step, 2)),
        )
        yield "04-setup-recovery", lambda: wizard.made(RECOVERY_KEY)
    yield "05-unlock", lambda: program.entrance.show_unlock(desk)


def behind(program: Program, roster: Path) -> Iterator[Scene]:
    """The open desk; ``roster`` is shown as an import."""
    window, desk = program.window, program.desk
    if desk is None:
        raise RuntimeError("the desk did not open")
    first = desk.lists.household_ids(None, "group")[0]
    yield "10-today", lambda: window.go("today")
    yield "11-households", lambda: window.go("households")
    yield "11-members", lambda: window.go("members")
    yield from _tabs(program, "12-household", "household", household_id=first)
    yield "13-event", lambda: window.go("event", household_id=first, kind="split")
    yield from _tabs(program, "14-events", "events")
    yield from _tabs(program, "20-plan", "plan", household_id=first)
    yield "24-plans", lambda: window.go("plans")
    yield "25-measures", lambda: window.go("measures")
    yield from _tabs(program, "26-visits", "visits")
    yield from _tabs(program, "27-team", "team")
    yield "27-helpers", lambda: window.go("helpers")
    yield "28-concerns", lambda: window.go("concerns")
    yield from _tabs(program, "30-exits", "exits")
    yield "33-signing", lambda: window.go("signing")
    yield "34-evaluations", lambda: window.go("evaluations")
    yield "34-scans", lambda: window.go("scans")
    yield "34-monitoring", lambda: window.go("monitoring")
    yield "34-procedures", lambda: window.go("procedures")
    yield "34-removal", lambda: window.go("procedures", procedure="removal")
    yield "34-village-exit", lambda: window.go("village-exit")
    yield "35-notices", lambda: window.go("notices")
    yield "36-papers", lambda: window.go("papers", kind="exit_record", year=working_year(desk))
    yield from _tabs(program, "37-village", "village")
    yield "38-projects", lambda: window.go("projects")
    yield from _tabs(program, "39-money", "money")
    yield "40-import", lambda: window.go("import")
    yield "41-import-preview", lambda: window.go("import", file=roster)
    yield "42-findings", lambda: window.go("findings")
    yield "43-exchange", lambda: window.go("exchange")
    yield "44-conflicts", lambda: window.go("conflicts")
    yield "44-from-township", lambda: window.go("from-township")
    yield "44-doubles", lambda: window.go("doubles")
    yield "44-newer", lambda: window.go("newer")
    look = partial(_press, program, tr("What would it change?"))
    yield from ((f"44-policy-packs-{n}", partial(_pack, program, look, n)) for n in range(4))
    yield from _tabs(program, "45-reports", "reports")
    yield "46-laptops", lambda: window.go("laptops")
    yield "46-policy-packs", lambda: window.go("policy-packs")
    yield from _tabs(program, "50-settings", "settings")
    yield "51-backups", lambda: window.go("backups")
    yield "52-people", lambda: window.go("people")
    yield "53-audit", lambda: window.go("audit")
    yield "54-privacy", lambda: window.go("privacy")
    yield from _everywhere(program)


def empty(program: Program) -> Iterator[Scene]:
    """Every page of a desk in which nothing stands yet, as the newcomer meets it."""
    of_a_household = {"event", "plan"}
    for number, page in enumerate(pages.DESK.pages):
        if page.key not in of_a_household:
            yield from _tabs(program, f"9-{number:02}-{page.key}", page.key)


def _everywhere(program: Program) -> Iterator[Scene]:
    """What can be asked for on every page: each in two clicks."""
    yield "60-finder", lambda: program.window.go("households")
    yield "60-finder", lambda: _find(program, "w")
    _find(program, "")
    yield "62-help", lambda: program.window.go("exits")
    yield "62-help", program.window.show_help
    program.window.close_help()


def hub(program: Program) -> Iterator[Scene]:
    """The open hub of a township."""
    window, opened = program.window, program.hub
    if opened is None:
        raise RuntimeError("the hub did not open")
    first = opened.review.household_ids()[0]
    village = opened.review.reported()[0].village
    for name, key, place in (
        ("71-hub-villages", "villages", {}), ("72-hub-held", "held", {}), ("73-hub-reported", "reported", {}),
        ("74-hub-files", "files", {}), ("74-hub-across", "across", {}), ("74-hub-report", "report", {}),
        ("75-hub-file", "file", {"household_id": first}), ("76-hub-conflicts", "conflicts", {}),
        ("77-hub-duplicates", "duplicates", {}), ("77-hub-moves", "moves", {}),
        ("78-hub-lists", "lists", {}), ("79-hub-tables", "tables", {}),
    ):  # fmt: skip
        yield name, partial(window.go, key, **place)
    yield from _tabs(program, "80-hub-settings", "hub")
    yield from _tabs(program, "72-hub-village", "village", village=village)


def dialogs(program: Program) -> Iterator[Scene]:
    """What asks before it acts: the button that brings each to the front, on its page."""
    for name, page, words in (
        ("63-add-households", "exits", tr("Add households")), ("63-meeting", "exits", tr("Villagers' meeting")),
        ("63-several", "households", tr("Change several")), ("63-exemption", "findings", tr("Accept with a reason")),
        ("63-begin", "procedures", tr("Begin")),
    ):  # fmt: skip
        yield name, partial(program.window.go, page)
        yield name, partial(_press, program, words)
    yield "61-keys", program.window.show_keys


def new_desk(folder: Path) -> Path:
    """A desk with nothing in it, in ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    village = VillageDraft(
        code="321322112203", name="周集村", township="周集乡", county="沭阳县", profile="jiangsu-2018"
    )  # fmt: skip
    made, _ = create_desk(folder, doors.DEMO_PASSPHRASE, village, author="新来的书记")
    made.close()
    return folder


def open_desk(program: Program, folder: Path, passphrase: str = doors.DEMO_PASSPHRASE) -> None:
    """Open what lies in ``folder``; it is there when no job runs any more."""
    program.entrance.unlock(folder, "", passphrase)


def stage(desk: Desk) -> None:
    """Try again with those held back, so that the scenes show open cases, draft a notice of them, give a pack."""
    base = desk.profile.id.partition("+")[0]
    pack = pack_text(base).replace("version = 1", "version = 2").replace("6000_00", "7000_00")
    desk.place.store.keep_setting("packs", {f"{base}.toml": pack})
    year = working_year(desk)
    held = [row.household.id for row in desk.exits.of_year(year) if not row.household.exited_year]
    if held:
        cases = desk.exits.propose(year, held, "gallery").records["exit"]
        desk.exits.take(cases[:8], "list", "gallery")
        notice = desk.notices.draft("exit", year, cases[:4], "gallery").records["notice"][0]
        desk.notices.plan_days(notice, desk.site.today(), "gallery")
        desk.courses.begin("removal", held[-1], year, desk.site.today(), "gallery")


def _tabs(program: Program, name: str, page: str, **place: object) -> Iterator[Scene]:
    yield f"{name}-0", lambda: _both(partial(program.window.go, page, **place), partial(_first_tab, program))
    tabs = _tabs_of(program)
    for number in range(1, tabs.count()) if tabs is not None and tabs.isVisible() else ():
        if tabs is not None and tabs.isTabVisible(number):
            yield f"{name}-{number}", partial(tabs.setCurrentIndex, number)


def _tabs_of(program: Program) -> QTabWidget | None:
    shown = program.window.frame.page if program.window.frame else None
    tabs = getattr(shown, "tabs", None) or getattr(getattr(shown, "case", None), "tabs", None)
    return tabs if isinstance(tabs, QTabWidget) else None


def _first_tab(program: Program) -> None:
    tabs = _tabs_of(program)
    if tabs is not None:
        tabs.setCurrentIndex(0)


def _both(first: Callable[[], Any], then: Callable[[], Any]) -> None:
    first()
    then()


def _pack(program: Program, look: Callable[[], Any], tab: int) -> None:
    """The dry run of a pack, tab by tab."""
    if not tab:
        program.window.go("policy-packs")
        look()
    tabs = _tabs_of(program)
    if tabs is not None:
        tabs.setCurrentIndex(tab)


def _find(program: Program, words: str) -> None:
    if program.window.frame is not None:
        program.window.frame.finder.setText(words)


def _press(program: Program, words: str) -> None:
    shown = program.window.frame.page if program.window.frame else None
    if shown is None:
        raise RuntimeError("the desk did not open")
    table = shown.findChild(TableView)
    if isinstance(table, TableView) and table.model().rowCount():
        table.selectRow(0)
    next(made for made in shown.findChildren(QPushButton) if made.text() == words and made.isVisible()).click()
