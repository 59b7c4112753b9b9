"""From the first start to the open desk: set-up, unlock, wrong passphrase, lock."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui import app as app_module
from ui import style
from ui.app import Program
from ui.inview import InView
from ui.welcome.policy_step import explain_all
from ui.welcome.secret_step import strength
from ui.welcome.unlock import UnlockPage, wait_after
from ui.welcome.welcome import WelcomePage
from ui.welcome.wizard import SetUpWizard
from villagedesk import text
from villagedesk.desk import Desk, open_desk
from villagedesk.hub import create_hub
from villagedesk.services.backups import backup
from villagedesk.values import no_step


def _finish(qtbot: QtBot, program: Program) -> None:
    settle(qtbot, program)
    if program.desk is not None:
        program.desk.close()


def test_a_newcomer_sets_up_a_desk(qtbot: QtBot, program: Program, tmp_path: Path, answers: Answers) -> None:
    assert isinstance(program.window.front, WelcomePage)
    program.window.front.way_chosen.emit("new")
    wizard = program.window.front
    assert isinstance(wizard, SetUpWizard)
    settle(qtbot, program)
    wizard.village.search("32", "界集镇盛圩")
    qtbot.waitUntil(lambda: wizard.village._list.count() > 0, timeout=10_000)
    wizard.village._list.setCurrentRow(0)
    assert wizard.next.isEnabled()
    wizard.next.click()
    assert wizard.policy.answer == "jiangsu-2018"
    wizard.next.click()
    secret = wizard.secret
    secret._author.setText("李工")
    secret._folder.setText(str(tmp_path / "盛圩村工作台"))
    qtbot.keyClicks(secret._first, PASSPHRASE)
    assert not wizard.next.isEnabled()
    qtbot.keyClicks(secret._second, PASSPHRASE)
    assert wizard.next.isEnabled()
    wizard.next.click()
    settle(qtbot, program)
    assert wizard.recovery._key.text()
    assert not wizard.next.isEnabled()
    answers.path = tmp_path / "recovery.pdf"
    wizard.recovery.save_wanted.emit()
    assert answers.path.read_bytes().startswith(b"%PDF")
    wizard.recovery._done.setChecked(True)
    wizard.next.click()
    assert program.window.frame is not None
    assert program.desk is not None
    assert program.desk.village.name == "盛圩村"
    _finish(qtbot, program)


def test_who_is_invited_sets_up_that_village_and_joins(
    qtbot: QtBot, program: Program, tmp_path: Path, answers: Answers
) -> None:
    with create_hub(tmp_path / "hub", PASSPHRASE, "界集镇", "321324111", author="张办")[0] as hub:
        answers.path = hub.township.invite("321324111213", tmp_path)
    program.entrance.show_welcome()
    program.window.front.way_chosen.emit("join")
    settle(qtbot, program)
    wizard = program.window.front
    assert isinstance(wizard, SetUpWizard)
    qtbot.waitUntil(lambda: wizard.village.answer is not None, timeout=10_000)
    assert wizard.village.answer.code == "321324111213"
    wizard.next.click()
    wizard.next.click()
    wizard.secret._author.setText("李工")
    wizard.secret._folder.setText(str(tmp_path / "mine"))
    wizard.secret._first.setText(PASSPHRASE)
    wizard.secret._second.setText(PASSPHRASE)
    wizard.next.click()
    settle(qtbot, program)
    wizard.recovery._done.setChecked(True)
    answers.line = "村部电脑"
    wizard.next.click()
    settle(qtbot, program)
    assert program.window.frame is not None
    assert program.window.frame.key == "exchange"
    assert program.desk is not None
    assert program.desk.sync.status().joined
    _finish(qtbot, program)


def test_a_file_that_is_no_invitation_is_refused_before_anything_is_typed(
    qtbot: QtBot, program: Program, tmp_path: Path, answers: Answers
) -> None:
    answers.path = tmp_path / "x.vdinvite"
    answers.path.write_text("hello")
    program.entrance.show_welcome()
    with qtbot.waitSignal(program.window.messages.told, timeout=20_000) as told:
        program.window.front.way_chosen.emit("join")
    assert told.args[0] == "problem"
    assert isinstance(program.window.front, WelcomePage)


def test_what_was_refused_is_not_said_over_the_next_page(
    qtbot: QtBot, program: Program, desk: Desk, tmp_path: Path, answers: Answers
) -> None:
    """A backup that is none, then one that is: the good news stands above the passphrase, not the bad."""
    whole = backup(desk.place, tmp_path)
    (tmp_path / "new").mkdir()
    program.window.messages.pick_folder = lambda _title: tmp_path / "new"
    answers.path, answers.line = tmp_path / "note.vdbackup", PASSPHRASE
    answers.path.write_text("hello", "utf-8")
    program.window.front.way_chosen.emit("restore")
    settle(qtbot, program)
    bar = program.window._bar
    assert "note.vdbackup" in bar.text
    assert bar.isVisible()
    program.entrance.show_unlock(tmp_path)
    assert not bar.isVisible()
    program.entrance.show_welcome()
    answers.path = whole
    program.window.front.way_chosen.emit("restore")
    settle(qtbot, program)
    assert isinstance(program.window.front, UnlockPage)
    assert bar.property("tone") == "ok"


def test_the_welcome_page_does_not_move_while_something_is_made(qtbot: QtBot, program: Program) -> None:
    style.apply(QApplication.instance(), "light", 200)
    program.entrance.show_welcome()
    program.window.resize(1100, 500)
    InView(program.window)
    page = program.window.front
    assert isinstance(page, WelcomePage)
    page.set_busy(True)
    qtbot.wait(150)
    page.set_busy(False)
    qtbot.wait(150)
    assert program.window._front.verticalScrollBar().maximum() > 0, "nothing to scroll: no test"
    assert program.window._front.verticalScrollBar().value() == 0


def test_a_used_folder_is_named_in_one_sentence(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    from ui.welcome.answers import SetUp, VillageAnswer

    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    program.entrance.show_set_up()
    village = VillageAnswer("321324111213", "盛圩村", "界集镇", "泗洪县", "江苏省")
    with qtbot.waitSignal(program.window.messages.told, timeout=20_000) as told:
        program.entrance._on_make(SetUp(village, "jiangsu-2018", "李工", tmp_path / "full", PASSPHRASE))
    assert told.args[0] == "problem"
    settle(qtbot, program)
    assert sorted(file.name for file in (tmp_path / "full").iterdir()) == ["x"]


def test_a_wrong_passphrase_is_one_sentence_and_tries_slow_down(qtbot: QtBot, program: Program, prepared: Path) -> None:
    program.entrance.show_unlock(prepared / "desk")
    page = program.window.front
    assert isinstance(page, UnlockPage)
    page._secret.setText("wrong")
    qtbot.keyClick(page._secret, Qt.Key.Key_Return)
    settle(qtbot, program)
    assert page._said.text().count("\n") == 0
    assert page._said.text()
    assert page._open.isEnabled()
    for _ in range(3):
        page.refused("no")
    assert not page._open.isEnabled()


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (2, 0), (3, 2), (4, 4), (7, 32), (50, 60)])
def test_waiting_grows(failures: int, seconds: int) -> None:
    assert wait_after(failures) == seconds


def test_the_right_passphrase_opens_and_lock_closes(
    qtbot: QtBot, program: Program, prepared: Path, tmp_path: Path
) -> None:
    import shutil

    shutil.copytree(prepared / "desk", tmp_path / "mine")
    program.entrance.show_unlock(tmp_path / "mine")
    page = program.window.front
    page._secret.setText(PASSPHRASE)
    page._on_open()
    settle(qtbot, program)
    assert program.desk is not None
    assert program.remembered.desks() == (tmp_path / "mine",)
    assert program.remembered.word("policy") == program.desk.profile.id
    program.lock()
    assert program.desk is None
    assert isinstance(program.window.front, UnlockPage)
    with open_desk(tmp_path / "mine", PASSPHRASE) as again:
        assert again.lists.count() > 0


def test_nothing_personal_is_remembered(qtbot: QtBot, program: Program, prepared: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(prepared / "desk", tmp_path / "mine")
    program.entrance.unlock(tmp_path / "mine", "", PASSPHRASE)
    settle(qtbot, program)
    first = program.desk.households.get(program.desk.lists.household_ids()[0])
    program.window.go("household", household_id=first.id)
    program.remembered.keep("window/geometry", program.window.saveGeometry())
    program.remembered._settings.sync()
    written = (tmp_path / "window.ini").read_text("utf-8")
    for secret in (PASSPHRASE, first.head.name, first.head.id_number, first.id, "李工"):
        assert secret not in written


@pytest.mark.parametrize(
    ("secret", "tone"),
    [("kurz", "problem"), ("12345678901", "problem"), ("aaaaaaaaaaaa", "problem"), ("dorfkasten9", "warn"),
     ("correct horse battery", "ok"), ("我们村口有三棵老槐树", "ok")],
)  # fmt: skip
def test_the_strength_of_a_passphrase_is_said(secret: str, tone: str) -> None:
    assert strength(secret)[0] == tone


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_policies_are_explained_in_words(language: str) -> None:
    text.use(language)
    explained = explain_all(no_step)
    assert {"jiangsu-2018", "national-2018"} <= {one.id for one in explained}
    assert all(len(one.lines) >= 4 and all(one.lines) for one in explained)


def test_the_welcome_page_speaks_the_language_chosen(program: Program) -> None:
    program.window.front.language_chosen.emit("en")
    assert any(b.accessibleName().startswith("Set up") for b in program.window.front.findChildren(QPushButton))
    assert program.remembered.word("language") == "en"


def test_ibus_is_chosen_where_only_fcitx_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import sys

    monkeypatch.setattr(sys, "platform", "linux")
    for before, after in (("fcitx", "ibus"), ("", "ibus"), ("xim", "xim")):
        monkeypatch.setenv("QT_IM_MODULE", before)
        app_module._choose_input_method()
        assert os.environ["QT_IM_MODULE"] == after
