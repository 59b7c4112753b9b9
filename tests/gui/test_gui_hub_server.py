"""A county's hub on a PostgreSQL server, made, used and opened again in the window; plain refusals without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.core.server.running import Server, programs, started
from tests.gui.townships import TOWNSHIP, click, family, meet, page_of
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui.app import Program
from ui.township.setup import HubWizard
from villagedesk.desk import Desk
from villagedesk.hub import Hub


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not programs():
        pytest.skip("no PostgreSQL server on this machine; type: sudo apt-get install postgresql")
    with started() as running:
        yield running


def _wizard(program: Program, folder: Path, address: str) -> HubWizard:
    program.window.front.way_chosen.emit("hub")
    wizard = program.window.front
    assert isinstance(wizard, HubWizard)
    wizard.township.name.show_value("泗洪县")
    wizard.township.code.show_value("321324000")
    wizard.township.database.show_value(address)
    wizard.township.changed.emit()
    wizard.next.click()
    wizard.secret._author.setText("县办")
    wizard.secret._folder.setText(str(folder))
    wizard.secret._first.setText(PASSPHRASE)
    wizard.secret._second.setText(PASSPHRASE)
    return wizard


def test_a_county_works_on_a_server_and_takes_the_townships_files_in(
    qtbot: QtBot, program: Program, server: Server, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    address, folder = server.fresh(), tmp_path / "县汇总端"
    wizard = _wizard(program, folder, address)
    wizard.next.click()
    settle(qtbot, program)
    wizard.recovery._done.setChecked(True)
    wizard.next.click()
    county = program.hub
    assert county is not None
    assert county.township.server == address
    assert (folder / "place.json").is_file()
    assert not (folder / "desk.db").exists()

    answers.line, answers.path = TOWNSHIP, tmp_path
    click(page_of(program, "villages"), "Invite a township")
    hub.upward.join(tmp_path / f"{TOWNSHIP}000.vdinvite")
    desks[0].households.save(family("2", "赵二"), "visit")
    meet(desks, hub, tmp_path)
    written = hub.upward.send(tmp_path)
    monkeypatch.setattr(type(program.window.messages), "open_files", lambda *_: [written.path])
    page = page_of(program, "villages")
    click(page, "Take files in")
    settle(qtbot, program)
    assert program.window._bar.property("tone") == "ok"
    assert page_of(program, "files").model.rowCount() == 3
    settings = page_of(program, "hub")
    assert address in settings._records.text()
    click(settings, "Make a backup")
    settle(qtbot, program)
    assert "pg_dump" in program.window._bar.text

    program.lock()
    program.entrance.unlock(folder, "", PASSPHRASE)
    settle(qtbot, program)
    assert program.hub is not None
    assert page_of(program, "files").model.rowCount() == 3


def test_without_a_server_the_window_says_so_and_the_folder_stays_empty(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "县汇总端"
    cases = (
        (f"postgresql+psycopg://postgres@/hub?host={tmp_path}", "数据库服务器没有"),
        ("postgresql+psycopg://postgres:secret@localhost/hub", ".pgpass"),
        ("mysql://localhost/hub", "postgresql+psycopg://"),
    )
    wizard = _wizard(program, folder, cases[0][0])
    for address, said in cases:
        wizard.township.database.show_value(address)
        wizard._on_next()
        settle(qtbot, program)
        assert program.window._bar.property("tone") == "problem"
        assert said in program.window._bar.text, address
        assert not any(folder.iterdir())
    assert program.hub is None
