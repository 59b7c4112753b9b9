"""Long work started by the window, stopped on its way: it had told how far it was, and nothing is half done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from tests.gui.townships import NOW, TOWNSHIP, let_go
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui.app import Program
from ui.jobs import Job
from villagedesk.demo.play import DemoClock
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import generate
from villagedesk.desk import Desk
from villagedesk.drafts.team import HelperDraft
from villagedesk.errors import Cancelled
from villagedesk.hub import Hub, create_hub
from villagedesk.records.schema import all_tables
from villagedesk.services.backups import backup
from villagedesk.text import Text, say
from villagedesk.values import Step


@dataclass
class Stop:
    """Stops one job at its ``at``-th report, as a click on the cross of the progress bar does."""

    title: Text
    at: int
    told: tuple[tuple[int, int], ...] = ()
    error: Exception | None = None
    ran: int = 0

    def on_started(self, job: Job) -> None:
        """Follow the job when it is the one."""
        if str(job.title) != str(self.title):
            return
        self.ran += 1
        report = job._step

        def step(done: int, total: int) -> None:
            self.told = (*self.told, (done, total))
            if len(self.told) == self.at:
                job.cancel()
            report(done, total)

        job._step = step
        job.failed.connect(self.on_failed)

    def on_failed(self, error: Exception) -> None:
        """Keep why it ended."""
        self.error = error


def _counts(place: Any) -> Mapping[str, int]:
    """How many rows every table has; the notes of who looked at what and the search keys belong to no job."""
    with place.store.read() as connection:
        return {table.name: connection.scalar(select(func.count()).select_from(table))
                for table in all_tables().sorted_tables if not table.name.startswith("search")}  # fmt: skip


@contextmanager
def hub_of(folder: Path) -> Iterator[Hub]:
    """The hub of the desk's township."""
    made, _ = create_hub(folder / "hub", PASSPHRASE, "界集镇", TOWNSHIP, author="张办", clock=DemoClock(NOW))
    yield made
    made.close()


Start = Callable[[Program, Desk, Path, Answers], None]


def _let_run(program: Program) -> None:
    while program.jobs.running:
        QApplication.processEvents()


def _pressed(page: str, press: Callable[[Any], object], file: str = "", **place: object) -> Start:
    """Go to ``page`` and press there; asked where to write, name the folder, or ``file`` in it."""

    def start(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
        program.window.go(page, **place)
        _let_run(program)
        answers.path = folder / file
        press(program.window.frame.page)

    return start


def _read_roster(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    roster = folder.parent / "more.xlsx"
    write_roster(generate("jiangsu-2018", 4, 9), roster, "full")
    program.window.go("import", file=roster)


def _import(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    _read_roster(program, desk, folder, answers)
    _let_run(program)
    program.window.frame.page._on_accept()


def _findings(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    program.window.go("findings")


def _table(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    year = desk.site.today().year
    _pressed("papers", lambda page: page._on_table(), "list.xlsx", kind="exit_list", year=year)(
        program, desk, folder, answers
    )


def _restore(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    kept = folder.parent / "kept.vdbackup"
    backup(desk.place, kept)
    answers.path, answers.line = kept, PASSPHRASE
    program.entrance._window.messages.pick_folder = lambda _title: folder
    program.entrance._restore()


def _scan(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    picture = QImage(600, 800, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    files = [folder.parent / f"{name}.png" for name in ("one", "two")]
    for number, file in enumerate(files):
        picture.setPixelColor(number, 0, QColor("black"))
        picture.save(str(file))
    program.window.go("scans")
    program.window.frame.page.take_in(files)


def _several(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    def fill(dialog: Any) -> bool:
        dialog.choose("planned_exit_year", 2031)
        dialog.reason.setText("plan")
        return True

    program.window.go("households")
    answers.dialog = fill
    program.window.frame.page._on_several()


def _sign(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    program.window.go("signing")
    page = program.window.frame.page
    page.table.selectAll()
    page.together.record_wanted.emit()


def _taken_in(program: Program, desk: Desk, folder: Path, answers: Answers) -> None:
    hub = program.hub
    assert hub is not None
    file = desk.sync.send(folder.parent).path
    program.window.go("villages")
    program.window.messages.open_files = lambda *_: [file]
    program.window.frame.page._on_receive()


CASES: Mapping[str, tuple[Start, Text, int]] = {
    "reading a roster": (_read_roster, say("Reading the roster"), 1),
    "import": (_import, say("Importing"), 3),
    "send": (_pressed("exchange", lambda page: page._on_send(False)), say("Writing the file"), 1),
    "list": (_pressed("households", lambda page: page._on_export(), "list.xlsx"), say("Saving the list"), 1),
    "backup": (_pressed("backups", lambda page: page._on_stick()), say("Writing the backup"), 1),
    "restore": (_restore, say("Restoring the backup"), 2),
    "check": (_pressed("audit", lambda page: page._on_verify()), say("Checking the desk"), 2),
    "history": (_pressed("audit", lambda page: page._on_history(), "history.xlsx"), say("Writing the history"), 1),
    "volume of papers": (
        _pressed("papers", lambda page: page._on_save(), "volume.pdf", kind="household_file"),
        say("Making the papers"), 2,
    ),
    "papers as files": (
        _pressed("papers", lambda page: page._on_save_all(), kind="household_file"), say("Making the papers"), 1
    ),
    "evidence volume": (_pressed("exits", lambda page: page._on_volume()), say("Making the evidence pack"), 1),
    "scan": (_scan, say("Reading the scans"), 1),
    "list of helpers": (_pressed("helpers", lambda page: page._on_export(), "helpers.xlsx"), say("Saving the list"), 2),
    "findings": (_findings, say("Checking"), 4),
    "comparing papers": (
        _pressed("papers", lambda page: page._on_changes(), kind="household_file"), say("Comparing the papers"), 2
    ),
    "table of a paper": (_table, say("Writing the table"), 1),
    "table of a report": (
        _pressed("reports", lambda page: page.reports._on_table(), "report.xlsx"), say("Making the table"), 3
    ),
    "several files changed": (_several, say("Changing several"), 5),
    "signatures of a list": (_sign, say("Writing the signatures down"), 3),
}  # fmt: skip
"""What → how it is begun, the title of its job, at which of its reports it is stopped."""


def _two_helpers(desk: Desk) -> None:
    for name in ("周敏", "吴刚"):
        desk.team.save_helper(HelperDraft(name=name), "list")


def _two_papers(desk: Desk) -> None:
    desk.papers.print("household_file", desk.lists.household_ids()[:2], "for the file")


PREPARED: Mapping[str, Callable[[Desk], None]] = {"list of helpers": _two_helpers, "comparing papers": _two_papers}
"""What has to be on file before some of them begin."""


@pytest.mark.parametrize("what", CASES)
def test_stopped_work_leaves_things_whole(
    what: str, qtbot: QtBot, opened: Program, desk: Desk, tmp_path: Path, answers: Answers
) -> None:
    start, title, at = CASES[what]
    folder = tmp_path / "stick"
    folder.mkdir()
    settle(qtbot, opened)
    PREPARED.get(what, lambda _desk: None)(desk)
    if what == "send":
        with hub_of(tmp_path) as hub:
            desk.sync.join(hub.township.invite(desk.village.code, tmp_path), "村部电脑")
    before, stop = _counts(desk.place), Stop(title, at)
    opened.jobs.started.connect(stop.on_started)
    start(opened, desk, folder, answers)
    settle(qtbot, opened)
    assert stop.ran == 1
    assert isinstance(stop.error, Cancelled)
    assert any(0 <= done <= total or total == 0 for done, total in stop.told)
    assert list(folder.iterdir()) == []
    assert _counts(desk.place) == before
    assert list(desk.place.folder.glob("*.part")) == []
    assert opened.window._bar.text


def test_a_file_stopped_on_its_way_into_the_hub_leaves_it_whole(
    qtbot: QtBot, program: Program, desk: Desk, tmp_path: Path, answers: Answers
) -> None:
    with hub_of(tmp_path) as hub:
        desk.sync.join(hub.township.invite(desk.village.code, tmp_path), "村部电脑")
        program.show_hub(hub)
        settle(qtbot, program)
        before, stop = _counts(hub.place), Stop(say("Taking the files in"), 1)
        program.jobs.started.connect(stop.on_started)
        _taken_in(program, desk, tmp_path / "stick", answers)
        settle(qtbot, program)
        assert (stop.ran, isinstance(stop.error, Cancelled)) == (1, True)
        assert _counts(hub.place) == before
        let_go(program)


@pytest.mark.parametrize("way", ["quit", "lock"])
def test_long_work_is_asked_about_before_the_desk_is_left(
    qtbot: QtBot, opened: Program, answers: Answers, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(opened, "_close_desk", lambda: None)  # it belongs to its fixture
    monkeypatch.setattr("ui.window._LONG", 0.0)
    heard: list[object] = []

    def work(step: Step) -> None:
        for number in range(100_000):
            step(number, 100_000)
            time.sleep(0.01)

    leave = opened.window.close if way == "quit" else opened.lock
    opened.jobs.store(say("Import"), work, None, heard.append)
    qtbot.waitUntil(lambda: any(job.far for job in opened.jobs.running))
    answers.yes = False
    leave()
    assert opened.window.isVisible()
    assert opened.window.frame is not None
    assert not heard
    assert len(answers.asked) == 1
    assert "100000" in answers.asked[0]
    answers.yes = True
    leave()
    qtbot.waitUntil(lambda: bool(heard))
    assert isinstance(heard[0], Cancelled)
    assert opened.window.isVisible() is (way == "lock")


def test_short_work_is_not_asked_about(qtbot: QtBot, opened: Program) -> None:
    """No answer is planned: a question would be a failure."""
    opened.jobs.store(say("Today"), lambda _step: time.sleep(0.2))
    assert opened.window.may_stop_work(say("Stop it and quit"))
