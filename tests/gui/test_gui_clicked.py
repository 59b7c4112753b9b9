"""Files clicked in a folder: a desk opens, and what travels on sticks is told where it is taken in."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.townships import Tried, let_go
from ui import clicked
from ui.remembered import Remembered
from ui.welcome.unlock import UnlockPage
from ui.welcome.welcome import WelcomePage


def test_the_place_of_a_desk_means_the_desk(tmp_path: Path) -> None:
    (tmp_path / "place.json").touch()
    assert clicked.desk_of(tmp_path / "place.json") == tmp_path
    assert clicked.desk_of(tmp_path) == tmp_path


@pytest.mark.parametrize(
    ("kind", "word", "front"),
    [
        ("vdsend", "汇总端", UnlockPage),
        ("vdreply", "上报", UnlockPage),
        ("vdpeer", "上报", UnlockPage),
        ("VDINVITE", "凭邀请加入", UnlockPage),
        ("vdbackup", "从备份恢复", WelcomePage),
        ("vdupdate", "打开更新包", UnlockPage),
        ("txt", "不是驻村工作台的文件", UnlockPage),
    ],
)
def test_a_travelling_file_is_told_where_it_is_taken_in(
    qtbot: QtBot, tmp_path: Path, prepared: Path, kind: str, word: str, front: type
) -> None:
    file = tmp_path / f"321324111213.{kind}"
    file.touch()
    assert clicked.desk_of(file) is None
    remembered = Remembered(tmp_path / "window.ini")
    remembered.keep_desk(prepared / "desk")
    program = Tried(remembered, brought=file)
    qtbot.addWidget(program.window, before_close_func=lambda _: let_go(program))
    assert isinstance(program.window.front, front)
    said = program.window._bar._text.text()
    assert file.name in said
    assert word in said
