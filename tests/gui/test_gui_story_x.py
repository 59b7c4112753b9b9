"""The first ten minutes, in the real program in its own process, on a real X server, under real keys and clicks.

From an empty home: the village of the set-up, its policy, the passphrase, the recovery sheet, last year's list, the
findings, one of them mended, the list of the year on paper. Once by keys alone, once with the mouse where a newcomer
takes it. Chinese is committed as an input method commits it. ``witness.py`` tells where things stand; it presses
nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from tests.gui.windowed import HOUSEHOLDS, PASSPHRASE
from tests.gui.xscreen import MISSING, NOISE, WHY, Screen, shown, start
from villagedesk import text
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage
from villagedesk.text import tr

pytestmark = pytest.mark.skipif(bool(MISSING), reason=WHY)


@pytest.fixture(scope="module")
def server() -> Iterator[Screen]:
    with shown(2049, 1152) as screen:  # 1366x768 at a scale of 1.5
        yield screen


@pytest.fixture
def screen(server: Screen, tmp_path: Path) -> Iterator[Screen]:
    server.notes = tmp_path / "notes"
    server.notes.mkdir()
    server.strokes = server.clicks = 0
    yield server
    text.use(text.DEFAULT_LANGUAGE)


def _roster(village: GeneratedVillage, folder: Path) -> Path:
    """Last year's list, with one person nobody insured."""
    file = folder / "roster.xlsx"
    write_roster(village, file, "full")
    book = openpyxl.load_workbook(file)
    rows = list(book.active.iter_rows(min_row=3))
    column = next(n for n, cell in enumerate(rows[0]) if cell.value == "城乡居民基本医疗保险")
    rows[1][column].value = "否"
    book.save(file)
    return file


def _set_up_by_keys(screen: Screen, folder: Path) -> None:
    screen.at(tr("Set up a desk for my village"))
    screen.keys("Return")
    screen.commits_here("泗洪 盛圩", tr("Name of the village"))
    screen.keys("Return")
    screen.at(tr("Policies"))
    screen.keys("Return")
    screen.commits_here("李工", tr("Your name"))
    screen.keys("Return")
    screen.at(tr("Passphrase"))
    screen.types(PASSPHRASE)
    screen.keys("Return")
    screen.types(PASSPHRASE)
    screen.keys("Return")
    screen.at(tr("Print the sheet"))
    screen.keys("Tab", "Return")
    _save_as(screen, folder / "key.pdf")
    screen.at(tr("Save as PDF"))
    screen.keys("Tab", "space", "Return")
    screen.until("the desk", lambda now: now["page"] == "today")


def _take_in_by_keys(screen: Screen, roster: Path) -> None:
    screen.at(tr("Import last year's list"))
    screen.keys("Return")
    screen.at(tr("Choose the file"))
    screen.keys("Return")
    screen.until("the dialog", lambda now: now["top"] == "QFileDialog" and now["focus"] == "QLineEdit")
    screen.types(str(roster))
    screen.keys("Return")
    screen.at(tr("Import {n} {n:household|households}", n=HOUSEHOLDS))
    screen.keys("Return")
    screen.until("the list", lambda now: now["page"] == "households" and now["jobs"] == 0)


def _mend_by_keys(screen: Screen) -> None:
    screen.at(tr("Household files"))
    screen.keys("ctrl+Prior")
    screen.until("the findings", lambda now: now["page"] == "findings" and now["jobs"] == 0)
    screen.at(tr("Findings"))
    screen.keys("Down", "Return")  # the first one asks for a helper, the second for the insurance
    finding = tr("Before exit every member must be in the medical insurance.")
    screen.until("the field", lambda now: finding in now["places"] and now["focus"].endswith(str(tr("No"))))
    screen.until("the field in view", lambda now: now["seen"])
    screen.keys("1", "ctrl+s")
    screen.until("the mended file", lambda now: tr("Saved.") in now["message"] and finding not in now["places"])


def _print_by_keys(screen: Screen, folder: Path) -> Path:
    screen.keys("ctrl+4")
    screen.at(tr("Add households"))
    screen.keys("Return")
    screen.until("the dialog", lambda now: now["top"] == "ProposeDialog" and now["focus"] == tr("Filter"))
    screen.keys("Return")
    screen.until("the list", lambda now: now["top"] == "Window" and tr("Added to the list.") in now["message"])
    screen.keys("ctrl+m")
    screen.until("the menu", lambda now: now["top"] == "PageMenu")
    screen.chooses(tr("Papers of the list"))
    screen.until("the papers of the list", lambda now: now["top"] == "QMenu")
    screen.keys("Down", "Return")
    screen.until("the papers", lambda now: now["page"] == "papers" and now["jobs"] == 0)
    screen.keys("ctrl+shift+s")
    return _save_as(screen, folder / "list.pdf")


def _save_as(screen: Screen, file: Path) -> Path:
    screen.until("the dialog", lambda now: now["top"] == "QFileDialog" and now["focus"] == "QLineEdit")
    screen.keys("ctrl+a")
    screen.types(str(file))
    screen.keys("Return")
    screen.until(file.name, lambda now: file.exists() and now["top"] != "QFileDialog")
    return file


def _set_up(screen: Screen) -> None:
    screen.clicks_on(tr("Set up a desk for my village"))
    screen.commits("泗洪 盛圩", tr("Name of the village"))
    screen.clicks_on(tr("Next"))
    screen.until("the policies", lambda now: tr("Province") not in now["places"])
    screen.clicks_on(tr("Next"))
    screen.commits("李工", tr("Your name"))
    screen.clicks_on(tr("Passphrase"))
    screen.types(PASSPHRASE)
    screen.keys("Return")
    screen.types(PASSPHRASE)
    screen.clicks_on(tr("Make the desk"))
    screen.clicks_on(tr("The sheet is printed, or the key is written down, and locked away from the laptop."))
    screen.clicks_on(tr("Begin"))
    screen.until("the desk", lambda now: now["page"] == "today")


def _take_in(screen: Screen, roster: Path) -> None:
    screen.keys("ctrl+i")
    screen.clicks_on(tr("Choose the file"))
    screen.until("the dialog", lambda now: now["top"] == "QFileDialog" and now["focus"] == "QLineEdit")
    screen.types(str(roster))
    screen.keys("Return")
    screen.until("the preview", lambda now: tr("Import a roster") not in now["places"] and now["top"] != "QFileDialog")
    screen.clicks_on(tr("Import {n} {n:household|households}", n=HOUSEHOLDS))
    screen.until("the list", lambda now: now["page"] == "households" and now["jobs"] == 0)


def _mend(screen: Screen) -> None:
    while (page := screen.state()["page"]) != "findings":
        screen.keys("ctrl+Next")
        screen.until("the next page of the group", lambda now, page=page: now["page"] != page)
    screen.until("the findings", lambda now: now["page"] == "findings" and now["jobs"] == 0)
    screen.clicks_on(tr("Findings") + ":1")  # the first one asks for a helper, the second for the insurance
    screen.clicks_on(tr("Mend"))
    screen.until("the file", lambda now: now["page"] == "household")
    finding = tr("Before exit every member must be in the medical insurance.")
    screen.until("the field", lambda now: finding in now["places"] and now["focus"].endswith(str(tr("No"))))
    screen.keys("1")
    screen.commits("入户核实", tr("Source of the change"))
    screen.keys("ctrl+s")
    screen.until("the mended file", lambda now: tr("Saved.") in now["message"] and finding not in now["places"])


def _print(screen: Screen, folder: Path) -> Path:
    screen.keys("ctrl+4")
    screen.until("the exits", lambda now: now["page"] == "exits")
    screen.clicks_on(tr("Add households"))
    screen.clicks_on(tr("Add those ticked"))
    screen.clicks_on(tr("Papers of the list"))
    screen.until("the menu", lambda now: now["top"] == "QMenu")
    screen.keys("Down", "Return")
    screen.until("the papers", lambda now: now["page"] == "papers" and now["jobs"] == 0)
    screen.clicks_on(tr("Save as PDF"))
    return _save_as(screen, folder / "list.pdf")


def _report(row: str, now: dict[str, Any]) -> None:
    """What goes to docs/benchmarks.md, where ``STORY_REPORT`` names a file."""
    if os.environ.get("STORY_REPORT"):
        with Path(os.environ["STORY_REPORT"]).open("a", encoding="utf-8") as file:
            file.write(f"{row}\n{now['longest']}\n")


@pytest.mark.parametrize("scale", ["1", "1.5"])
@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("hands", ["keys", "mouse"])
def test_the_first_ten_minutes(
    screen: Screen, village: GeneratedVillage, tmp_path: Path, hands: str, language: str, scale: str
) -> None:
    began = time.monotonic()
    program = start(screen, tmp_path, language, scale)
    roster = _roster(village, tmp_path)
    try:
        if hands == "keys":
            _set_up_by_keys(screen, tmp_path)
            _take_in_by_keys(screen, roster)
            _mend_by_keys(screen)
            paper = _print_by_keys(screen, tmp_path)
        else:
            _set_up(screen)
            _take_in(screen, roster)
            _mend(screen)
            paper = _print(screen, tmp_path)
        assert screen.picture(tmp_path / "end.png") > 50, "the window stayed blank"
        text_of = "".join(page.extract_text() for page in PdfReader(paper).pages)
        assert "盛圩村" in text_of
        now = screen.state()
        assert [said for said in now["said"] if not any(noise in said for noise in NOISE)] == []
        assert hands == "mouse" or screen.clicks == 0
        spent = time.monotonic() - began
        _report(f"| {hands}, {language}, {scale} | {screen.strokes} | {screen.clicks} | {spent:.0f} s |", now)
    finally:
        program.terminate()
        program.wait(20)
