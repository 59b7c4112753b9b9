"""Ctrl+K: every way of finding somebody, typed into the box of the real window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.factories import make_household, make_id_number, make_member
from ui.app import Program
from ui.finder import Finder
from ui.help import manual
from ui.help.view import HelpView
from ui.households.form import HouseholdForm
from villagedesk.desk import Desk
from villagedesk.values import age_on

NO = "990000777"
HEAD = "单雄飞"
MEMBERS = {  # name → what is typed to find that person and nobody else
    "阿卜杜拉·买买提": (
        "阿卜杜拉·买买提",
        "阿卜杜拉买买提",
        "买买提",
        "abudulamaimaiti",
        "abdlmmt",
        "mmt",
        "ebdl",
        "abdulmmt",
    ),
    "张𬭎": ("𬭎", "张𬭎", "zhanghong"),
    "覃乐乐": ("qinlele", "qll", "qinll", "qlle", "tanleyue", "覃乐", "乐乐"),
    "曾解": ("zengjie", "cengxie", "zengx"),
    "万俟卓": ("moqizhuo", "mqz", "wanqizhuo", "万俟"),
    "吕绿": ("lvlv", "吕绿"),
}


@pytest.fixture
def household_id(desk: Desk, opened: Program) -> str:
    """A household of people with names that programs lose."""
    birth = desk.site.today().replace(year=desk.site.today().year - 40, day=1)
    head = make_member(
        name=HEAD, birth=birth, person_no="", phone="13900005678", id_number=make_id_number(birth, "1", 77)
    )
    others = [
        make_member(
            name=name, relation="13", birth=birth, person_no="", phone="", id_number=make_id_number(birth, "1", 90 + n)
        )
        for n, name in enumerate(MEMBERS)
    ]
    assert age_on(birth, desk.site.today()) == 40
    draft = replace(make_household(no=NO, group="一组"), phone="13800001234", members=(head, *others))
    change = desk.households.save(draft, "entered")
    opened.window.go("today")
    return change.records["household"][0]


def _type(qtbot: QtBot, program: Program, text: str) -> Finder:
    """Ctrl+K and the text: Latin letters by their keys, Chinese characters as an input method hands them over."""
    finder = program.window.frame.finder
    program.window.activateWindow()
    qtbot.keyClick(program.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is finder)
    finder.selectAll()
    if text.isascii():
        qtbot.keyClicks(finder, text)
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(finder, event)
    assert finder.text() == text
    return finder


def test_people_are_found_by_name_and_by_any_reading(qtbot: QtBot, opened: Program, household_id: str) -> None:
    for name, ways in MEMBERS.items():
        for typed in ways:
            finder = _type(qtbot, opened, typed)
            assert [one.text.startswith(name) for one in finder.found] == [True], typed
        qtbot.keyClick(finder, Qt.Key.Key_Return)
        form = opened.window.frame.page
        assert isinstance(form, HouseholdForm)
        assert form.binder.draft.id == household_id
        assert form.binder.draft.members[form.members.table.currentIndex().row()].name == name


def test_the_head_is_found_in_every_way(qtbot: QtBot, opened: Program, household_id: str) -> None:
    for typed in ("shanxiongfei", "danxiong", "sxf", "单雄", "雄飞", "5678", "13900005678", "９９００００777"):
        found = _type(qtbot, opened, typed).found
        assert [one.household_id for one in found] == [household_id], typed
        assert HEAD in found[0].text


def test_tails_and_numbers_lead_to_the_household(qtbot: QtBot, opened: Program, desk: Desk, household_id: str) -> None:
    stored = desk.households.get(household_id)
    for typed in (stored.members[0].id_number[-5:], stored.members[0].id_number[-4:].lower(), "001234", NO, NO[-6:]):
        ids = {one.household_id for one in _type(qtbot, opened, typed).found}
        assert household_id in ids, typed
        assert len(ids) == 1


def test_nobody_found_says_what_to_try(qtbot: QtBot, opened: Program, household_id: str) -> None:
    finder = _type(qtbot, opened, "qqq")
    shown = finder._list
    assert shown is not None
    assert shown.isVisible()
    assert "zs" in shown.item(0).text()
    qtbot.keyClick(finder, Qt.Key.Key_Escape)
    assert not shown.isVisible()


@pytest.mark.parametrize(
    ("typed", "line", "page"),
    [("公示", "页面：公示", "notices"), ("gs", "页面：公示", "notices"), ("bf", "页面：备份", "backups")],
)
def test_a_page_is_found_by_its_name_and_by_its_initials(
    qtbot: QtBot, opened: Program, typed: str, line: str, page: str
) -> None:
    finder = _type(qtbot, opened, typed)
    lines = [one.text for one in finder.found]
    assert line in lines
    for _ in range(lines.index(line)):
        qtbot.keyClick(finder, Qt.Key.Key_Down)
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    assert opened.window.frame.key == page
    assert not finder.text()


def test_what_can_be_done_is_found_and_done(qtbot: QtBot, opened: Program) -> None:
    opened.window.go("exits")
    finder = _type(qtbot, opened, "锁定")
    assert "操作：锁定工作台" in [one.text for one in finder.found]
    finder = _type(qtbot, opened, "加入农户")
    assert "操作：加入农户" in [one.text for one in finder.found], "what the page in front offers"
    finder = _type(qtbot, opened, "导入")
    lines = [one.text for one in finder.found]
    for _ in range(lines.index("操作：导入花名册")):
        qtbot.keyClick(finder, Qt.Key.Key_Down)
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    assert opened.window.frame.key == "import"


def test_a_word_of_the_manual_leads_to_its_page(qtbot: QtBot, opened: Program) -> None:
    finder = _type(qtbot, opened, "恢复备份")
    found = [one for one in finder.found if one.text.startswith("说明：")]
    assert found
    lines = [one.text for one in finder.found]
    for _ in range(lines.index(found[0].text)):
        qtbot.keyClick(finder, Qt.Key.Key_Down)
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    assert isinstance(opened.window.front, HelpView)
    assert manual.title("zh_CN", opened.window.front.topic) in found[0].text


def test_people_stand_before_pages(qtbot: QtBot, opened: Program, household_id: str) -> None:
    texts = [one.household_id for one in _type(qtbot, opened, "sxf").found]
    assert texts[0] == household_id


def test_what_is_being_composed_does_not_search(qtbot: QtBot, opened: Program) -> None:
    finder = _type(qtbot, opened, "")
    asked: list[str] = []
    finder.ask = lambda text, _limit: asked.append(text) or ()
    QApplication.sendEvent(finder, QInputMethodEvent("zhang san", []))
    assert asked == []
    done = QInputMethodEvent()
    done.setCommitString("张三")
    QApplication.sendEvent(finder, done)
    assert asked == ["张三"]
