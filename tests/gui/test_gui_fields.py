"""Editors: None stays None, what cannot be read is kept and complained about, every choice is reachable by keys."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.fields.choices import CodeField, CodesField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.initials import initials
from ui.fields.jobs import JobsField
from ui.fields.lines import IdField, date_field, hundredths_field, read_date, text_field, whole_field, yuan_field
from ui.fields.longline import LongLineField
from ui.fields.yesno import YesNoField

CAUSES = (Option("01", "因病"), Option("02", "因残"), Option("05", "缺土地"), Option("10", "交通条件落后"))


@pytest.mark.parametrize("typed", ["20240315", "2024-3-15", "2024.03.15", "2024/3/15", "2024年3月15日", "2024年3月15"])
def test_a_date_is_read_however_it_is_typed(typed: str) -> None:
    assert read_date(typed) == date(2024, 3, 15)


@pytest.mark.parametrize("typed", ["2024", "20241315", "240315", "2024-3", "2024031"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_date(typed)


@given(st.dates(min_value=date(1900, 1, 1)))
def test_every_date_comes_back_as_it_was_typed(day: date) -> None:
    assert read_date(day.strftime("%Y%m%d") if day.year > 999 else day.isoformat()) == day


@pytest.mark.parametrize(
    ("make", "typed", "value"),
    [
        (whole_field, "１２", 12),
        (hundredths_field, "3.5", 350),
        (yuan_field, "1,234.50元", 123450),
        (date_field, "２０２４０３１５", date(2024, 3, 15)),
    ],
)
def test_full_width_digits_of_an_input_method_are_digits(qtbot: QtBot, make, typed: str, value: object) -> None:
    editor = make()
    qtbot.addWidget(editor)
    with qtbot.waitSignal(editor.edited) as edited:
        editor.insert(typed)
        editor.textEdited.emit(editor.text())
    assert edited.args == [value]
    assert editor.complaint() == ""


def test_an_emptied_field_is_none_and_never_zero(qtbot: QtBot) -> None:
    editor = whole_field()
    qtbot.addWidget(editor)
    editor.show_value(7)
    editor.selectAll()
    with qtbot.waitSignal(editor.edited) as edited:
        qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert edited.args == [None]


def test_unreadable_typing_stays_on_screen_and_is_complained_about(qtbot: QtBot) -> None:
    editor = yuan_field()
    qtbot.addWidget(editor)
    qtbot.keyClicks(editor, "12a")
    assert editor.text() == "12a"
    assert editor.complaint()


def test_nothing_is_edited_while_an_input_method_composes(qtbot: QtBot) -> None:
    editor = text_field()
    qtbot.addWidget(editor)
    editor.show()
    editor.setFocus()
    seen: list[object] = []
    editor.edited.connect(seen.append)
    QApplication.sendEvent(editor, QInputMethodEvent("wang", []))
    assert seen == []
    commit = QInputMethodEvent("", [])
    commit.setCommitString("王㛃")
    QApplication.sendEvent(editor, commit)
    assert seen == ["王㛃"]


def test_an_id_number_is_masked_until_somebody_works_on_it(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    editor, other = IdField(), text_field()
    column.addWidget(other)
    column.addWidget(editor)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    other.setFocus()
    editor.show_value("190101197503150014")
    assert editor.text() == "**************0014"
    editor.setFocus()
    qtbot.waitUntil(lambda: editor.text() == "190101197503150014")
    other.setFocus()
    qtbot.waitUntil(lambda: editor.text().startswith("*"))


@pytest.mark.parametrize(("keys", "code"), [("05", "05"), ("5", "05"), ("yb", "01"), ("yc", "02"), ("jt", "10")])
def test_a_code_is_found_by_code_or_initials(qtbot: QtBot, keys: str, code: str) -> None:
    editor = CodeField(CAUSES)
    qtbot.addWidget(editor)
    editor.show()
    qtbot.keyClicks(editor, keys)
    assert editor.value() == code


def test_delete_empties_a_code(qtbot: QtBot) -> None:
    editor = CodeField(CAUSES)
    qtbot.addWidget(editor)
    editor.show_value("01")
    with qtbot.waitSignal(editor.edited) as edited:
        qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert edited.args == [""]


def test_a_code_that_is_no_longer_offered_is_shown_and_kept(qtbot: QtBot) -> None:
    editor = CodeField(CAUSES)
    qtbot.addWidget(editor)
    editor.show_value("77")
    assert editor.value() == "77"


def test_showing_tells_nobody(qtbot: QtBot) -> None:
    for editor, value in (
        (CodeField(CAUSES), "01"),
        (YesNoField(), True),
        (CodesField(CAUSES), ("01",)),
        (text_field(), "x"),
    ):
        qtbot.addWidget(editor)
        seen: list[object] = []
        editor.edited.connect(seen.append)
        editor.show_value(value)
        editor.show_value(None)
        assert seen == []


@pytest.mark.parametrize(
    ("key", "answer"),
    [(Qt.Key.Key_1, True), (Qt.Key.Key_Y, True), (Qt.Key.Key_2, False), (Qt.Key.Key_N, False)],
)
def test_yes_and_no_by_one_key(qtbot: QtBot, key: Qt.Key, answer: bool) -> None:
    editor = YesNoField()
    qtbot.addWidget(editor)
    editor.show()
    assert editor.value() is None
    qtbot.keyClick(editor._group.checkedButton(), key)
    assert editor.value() is answer
    qtbot.keyClick(editor._group.checkedButton(), Qt.Key.Key_Delete)
    assert editor.value() is None


def test_codes_not_offered_survive_a_click(qtbot: QtBot) -> None:
    editor = CodesField(CAUSES)
    qtbot.addWidget(editor)
    editor.show_value(("77", "01"))
    with qtbot.waitSignal(editor.edited) as edited:
        editor._boxes["02"].click()
    assert edited.args == [("01", "02", "77")]


def test_enter_goes_to_the_next_field_and_back(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    fields = [text_field(), CodeField(CAUSES), YesNoField(), text_field()]
    for each in fields:
        column.addWidget(each)
    enter = NextOnEnter(page)
    enter.watch(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    fields[0].setFocus()
    qtbot.waitUntil(fields[0].hasFocus)
    for expected in (fields[1], fields[2]._group.checkedButton(), fields[3]):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert QApplication.focusWidget() is expected
    qtbot.keyClick(fields[3], Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is fields[2]._group.checkedButton()


@pytest.mark.parametrize(
    ("word", "letters"), [("因病", "yb"), ("缺土地", "qtd"), ("本人或户主", "brhhz"), ("A级", "aj")]
)
def test_initials(word: str, letters: str) -> None:
    assert initials(word) == letters


def test_jobs_are_typed_a_line_each_and_what_cannot_be_read_stays(qtbot: QtBot) -> None:
    field = JobsField([Option("01", "外出务工"), Option("05", "村级公益岗")])
    qtbot.addWidget(field)
    said: list[object] = []
    field.edited.connect(said.append)
    field.setPlainText("1 宏达 公司 ２０２３０１０１ 20231231\n公益岗 村委会 2023-03-01")
    jobs = (("01", "宏达 公司", "2023-01-01", "2023-12-31"), ("05", "村委会", "2023-03-01", ""))
    assert said[-1] == jobs
    assert field.complaint() == ""
    field.setPlainText("1 宏达")
    assert "宏达" in field.complaint()
    field.show_value(jobs)
    assert field.toPlainText() == "1 宏达"  # stays until another member is shown
    field.show_value(())
    assert field.toPlainText() == ""
    field.show_value(jobs)
    assert field.toPlainText().splitlines()[1] == "村级公益岗 村委会 2023-03-01"


def test_a_question_answered_for_one_person_is_asked_of_the_next(qtbot: QtBot) -> None:
    form = QWidget()
    first, field, last = QLineEdit(form), YesNoField(parent=form), QLineEdit(form)
    layout = QVBoxLayout(form)
    for widget in (first, field, last):
        layout.addWidget(widget)
    keys = NextOnEnter(form)
    keys.watch(form)
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    first.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is first)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    qtbot.keyClicks(QApplication.focusWidget(), "1")
    field.show_value(None)  # the next person
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert field.isAncestorOf(QApplication.focusWidget())


def test_a_long_line_takes_the_lines_it_needs_and_stays_one_value(qtbot: QtBot) -> None:
    field = LongLineField("register")
    qtbot.addWidget(field)
    field.setFixedWidth(240)
    field.show()
    field.show_value("统计台账")
    one = field.height()
    field.show_value("村集体经济账簿、银行对账单和2019年度村级统计年报（县统计局审定本）第12页")
    assert field.height() > one
    assert not field.verticalScrollBar().isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "\n" not in field.toPlainText()
    field.setPlainText(" 银行\n对账单 ")
    assert field.value() == "银行 对账单"
