"""What was opened lately: in the menu, below the empty search box, on Today; encrypted, by person, by role."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.windowed import settle
from ui.app import Program
from ui.lately import LatelyMenu
from ui.pages import DESK, OF_TIER_ONE
from ui.recent import Recent


@pytest.fixture
def visited(opened: Program) -> list[str]:
    """Two household files, a plan and an exit were opened; the ids of the households."""
    ids = list(opened.desk.lists.household_ids(None, "group")[:2])
    for page, key in (("household", ids[0]), ("household", ids[1]), ("plan", ids[0]), ("exits", ids[0])):
        opened.window.go(page, household_id=key)
    opened.window.go("findings")
    return ids


def _pages(recent: Recent) -> list[tuple[str, str]]:
    return [(each.page, each.household_id) for each in recent.rows()]


def test_the_last_one_stands_first_and_each_once(opened: Program, visited: list[str]) -> None:
    opened.window.go("household", household_id=visited[0])
    first, second = visited
    assert _pages(Recent(opened.desk, DESK)) == [
        ("household", first), ("exits", first), ("plan", first), ("household", second)
    ]  # fmt: skip


def test_the_menu_offers_them_and_leads_there(opened: Program, visited: list[str]) -> None:
    menu = opened.window.findChildren(LatelyMenu)[-1]
    menu.fill()
    head = opened.desk.households.get(visited[0]).head
    assert [head.name in action.text() for action in menu.actions()] == [True, True, False, True]
    menu.actions()[1].trigger()
    assert opened.window.frame.place == ("plan", {"household_id": visited[0]})


def test_the_empty_search_box_offers_them(qtbot: QtBot, opened: Program, visited: list[str]) -> None:
    finder = opened.window.frame.finder
    finder.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert [(found.page, found.household_id) for found in finder.found] == _pages(Recent(opened.desk, DESK))
    qtbot.keyClick(finder, Qt.Key.Key_Down)
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    assert opened.window.frame.place == ("plan", {"household_id": visited[0]})
    assert finder.found == ()


def test_today_shows_them(qtbot: QtBot, opened: Program, visited: list[str]) -> None:
    opened.window.go("today")
    settle(qtbot, opened)
    names = {button.text() for button in opened.window.frame.page.findChildren(QPushButton)}
    assert {each.text for each in Recent(opened.desk, DESK).rows()} <= names


def test_back_and_forward_walk_the_same_way(opened: Program, visited: list[str]) -> None:
    frame = opened.window.frame
    frame.back()
    assert frame.place == ("exits", {"household_id": visited[0]})
    frame.back()
    frame.forward()
    frame.forward()
    assert frame.key == "findings"


def test_nothing_of_it_can_be_read_without_the_passphrase(opened: Program, visited: list[str], tmp_path: Path) -> None:
    head = opened.desk.households.get(visited[0]).head
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name == "window.ini" for file in files) or files
    for file in files:
        raw = file.read_bytes()
        assert visited[0].encode() not in raw, file
        assert head.name.encode() not in raw, file


def test_somebody_else_sees_only_his_own(opened: Program, visited: list[str]) -> None:
    store = opened.desk.site.store
    object.__setattr__(opened.desk.site, "store", replace(store, author="别人"))
    recent = Recent(opened.desk, DESK)
    assert recent.rows() == []
    recent.note("household", {"household_id": visited[1]})
    assert _pages(recent) == [("household", visited[1])]
    object.__setattr__(opened.desk.site, "store", store)
    assert len(Recent(opened.desk, DESK).rows()) == 4


def test_a_page_the_role_does_not_have_is_not_offered(opened: Program, visited: list[str]) -> None:
    assert "exits" not in [page for page, _ in _pages(Recent(opened.desk, OF_TIER_ONE))]
    assert "plan" in [page for page, _ in _pages(Recent(opened.desk, OF_TIER_ONE))]
