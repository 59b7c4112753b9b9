"""The life of a notice in the window; papers that change, stop on their way or lose their printer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.core.services.test_service_own_papers import VISIT_CARD
from tests.gui.windowed import Answers, settle
from ui import printing
from ui.app import Program
from ui.notices.calendar import running
from ui.notices.objections import ObjectionsCard
from ui.notices.page import NoticesPage
from ui.papers.page import PapersPage
from villagedesk.desk import Desk
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.errors import Unavailable
from villagedesk.text import say


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A print system that keeps what it was handed; a file named ``broken`` makes it refuse."""
    program = tmp_path / "bin" / "lp"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\ncat > {tmp_path}/got\necho "$@" > {tmp_path}/said\n[ ! -e {tmp_path}/broken ]\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    monkeypatch.setattr(printing, "printers", lambda: (("OFFICE",), "OFFICE"))
    return tmp_path


def shown(program: Program, key: str, type_: type, **place: Any) -> Any:
    program.window.go(key, **place)
    page = program.window.frame.page
    assert isinstance(page, type_)
    return page


def step_of(page: NoticesPage) -> int:
    """The step that is marked as the present one; 0 when all are behind."""
    tones = [mark.property("tone") for mark in page.steps._marks]
    return tones.index("warn") + 1 if "warn" in tones else 0


def press(page: Any, words: str) -> None:
    """Press the visible button of these words."""
    (found,) = [b for b in page.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert found.isEnabled()
    found.click()


def test_from_draft_to_archive(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, lp: Path, village: Any
) -> None:
    year, first = village.today.year, village.today
    cases = [row.case.id for row in desk.exits.of_year(year)][3:]
    page = shown(opened, "notices", NoticesPage, draft_for=cases, year=year)
    notice = page.notice.notice.id
    assert step_of(page) == 1
    assert page.view.area.count == 0
    page.steps._starts_on.show_value(first)
    press(page, "确定日期")
    settle(qtbot, opened)
    # checked and previewed
    assert step_of(page) == 3
    assert page.steps._checked.text() == "隐私检查通过"
    previewed = page.view.pdf
    assert page.view.area.count >= 1
    # printed: the very bytes of the preview, registered with their number
    answers.dialog = lambda dialog: True
    page.view.print_wanted.emit()
    settle(qtbot, opened)
    settle(qtbot, opened)
    assert (lp / "got").read_bytes() == previewed
    assert "print-scaling=none" in (lp / "said").read_text()
    assert desk.papers.printed(notice)[0].no == desk.notices.get(notice).no
    assert step_of(page) == 4
    # posted with place, date and person, then its photograph
    page.steps._place.show_value("村务公开栏")
    page.steps._by.show_value("李工")
    press(page, "已张贴")
    assert desk.notices.get(notice).place == "村务公开栏"
    assert step_of(page) == 5
    days = desk.notices.get(notice).days
    assert f"第1天，共{days}天" in page.steps._said.text()
    Image.new("RGB", (60, 40), "white").save(lp / "board.png")
    answers.path = lp / "board.png"
    press(page, "添加照片")
    assert [each.title for each in desk.evidence.of(notice)]
    assert "1" in page.steps._photos.text()
    # day n of N
    desk.site.store.clock.to(first + timedelta(days=3))
    page._ask()
    assert f"第4天，共{days}天" in page.steps._said.text()
    # an objection bars the result until it is closed
    page.objections._text.show_value("人口数不对")
    page.objections._case.show_value(cases[0])
    page.objections._on_register()
    desk.site.store.clock.to(first + timedelta(days=days))
    page._ask()
    assert step_of(page) == 6
    with qtbot.waitSignal(opened.window.messages.told) as told:
        press(page, "登记结果")
    assert told.args[0] == "problem"
    page.objections._by.show_value("周敏、吴刚")
    page.objections._found.show_value("两人入户核对，户口簿上是三人。")
    page.objections._opinion.show_value("人口数无误，已当面说明。")
    next(b for b in page.objections.findChildren(QPushButton) if b.property("objection")).click()
    page.steps._result.show_value("收到异议1件，已办结")
    press(page, "登记结果")
    assert desk.notices.get(notice).result == "收到异议1件，已办结"
    assert step_of(page) == 7
    press(page, "取下归档")
    assert desk.notices.get(notice).state == "filed"
    assert step_of(page) == 0
    result = "".join("".join(desk.papers.preview("notice_result", [notice]).texts).split())
    assert "收到异议1件" in result


def test_the_calendar_shows_what_hangs_and_leads_to_it(qtbot: QtBot, opened: Program, desk: Desk, village: Any) -> None:
    page = shown(opened, "notices", NoticesPage)
    settle(qtbot, opened)
    (row,) = running(desk.notices.all(), desk.site.today())
    press(page, "日历")
    assert page.calendar.isVisible()
    assert row.notice.no in page.calendar.accessibleDescription()
    assert not page.calendar.grab().isNull()
    with qtbot.waitSignal(page.calendar.chosen) as chosen:
        qtbot.keyClick(page.calendar, Qt.Key.Key_Return)
    assert chosen.args == [row.notice.id]
    assert page.notice.notice.id == row.notice.id
    assert page.table.isVisible()
    far = village.today + timedelta(days=300)
    assert running(desk.notices.all(), far) == []


def test_what_changed_since_printing_is_shown_and_only_that_is_printed_anew(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, lp: Path, village: Any
) -> None:
    year = village.today.year
    subjects = desk.papers.subjects("household_file", year)
    desk.papers.print("household_file", subjects, "filed")
    home = desk.households.get(subjects[2])
    area = 7_777
    desk.households.save(replace(home, dwelling_area=area), "measured")
    page = shown(opened, "papers", PapersPage, kind="household_file", year=year)
    settle(qtbot, opened)
    press(page, "打印后的变化")
    settle(qtbot, opened)
    lines = [page.changed.model.row(number) for number in range(page.changed.model.rowCount())]
    assert len(lines) == 1
    assert lines[0][3] == "77.77"
    assert lines[0][2] != lines[0][3]
    answers.dialog = lambda dialog: True
    press(page, "重新打印这些")
    settle(qtbot, opened)
    settle(qtbot, opened)
    assert (lp / "got").read_bytes().startswith(b"%PDF")
    assert len(desk.papers.printed(home.id)) == 2
    assert len(desk.papers.printed(subjects[0])) == 1
    assert desk.papers.changed("household_file", year) == ()


def test_a_list_is_saved_as_a_table_with_the_same_rows(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path, village: Any
) -> None:
    page = shown(opened, "papers", PapersPage, kind="exit_list", year=village.today.year)
    settle(qtbot, opened)
    answers.path = tmp_path / "list.xlsx"
    press(page, "存为表格")
    settle(qtbot, opened)
    sheet = openpyxl.load_workbook(answers.path).worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    for row in desk.exits.of_year(village.today.year):
        assert row.household.head.name in cells


def test_a_set_is_stopped_and_goes_on_where_it_stopped(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path, village: Any
) -> None:
    page = shown(opened, "papers", PapersPage, kind="household_file", year=village.today.year)
    settle(qtbot, opened)
    folder = tmp_path / "set"
    folder.mkdir()
    answers.path = folder
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        for job in opened.jobs.running:
            job.cancel()

    opened.jobs.started.connect(lambda job: job.progressed.connect(stop))
    press(page, "逐份存为 PDF")
    settle(qtbot, opened)
    done, total = page._batch.done, page._batch.total
    assert 0 < done < total == len(page._subjects)
    assert told
    assert len(list(folder.glob("*.pdf"))) == done
    opened.jobs.started.disconnect()
    page._go_on()
    settle(qtbot, opened)
    names = sorted(file.name for file in folder.glob("*.pdf"))
    assert len(names) == total
    assert all(re.match(rf"{number:04d}-household_file", name) for number, name in enumerate(names, 1))
    assert all(len(desk.papers.printed(subject)) == 1 for subject in page._subjects)


def test_a_failed_printer_loses_nothing(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, lp: Path, village: Any
) -> None:
    page = shown(opened, "papers", PapersPage, kind="household_file", year=village.today.year)
    settle(qtbot, opened)
    (lp / "broken").touch()
    answers.dialog = lambda dialog: True
    with qtbot.waitSignal(
        opened.window.messages.told, check_params_cb=lambda tone, *_: tone == "problem", timeout=30_000
    ):
        page.view.print_wanted.emit()
    settle(qtbot, opened)
    first = (lp / "got").read_bytes()
    assert all(len(desk.papers.printed(subject)) == 1 for subject in page._subjects)
    (lp / "broken").unlink()
    page._output._on_again()
    settle(qtbot, opened)
    assert (lp / "got").read_bytes() == first
    assert all(len(desk.papers.printed(subject)) == 1 for subject in page._subjects), "nothing is registered twice"


def test_a_printing_that_stopped_goes_on_with_the_next_page(
    qtbot: QtBot, opened: Program, answers: Answers, monkeypatch: pytest.MonkeyPatch, lp: Path, village: Any
) -> None:
    page = shown(opened, "papers", PapersPage, kind="household_file", year=village.today.year)
    settle(qtbot, opened)
    orders: list[str] = []

    def jam(_pdf: bytes, order: printing.PrintOrder, step: Any) -> None:
        orders.append(order.pages)
        if len(orders) == 1:
            step(3, 8)
            raise Unavailable(say("The printer stopped. Look at it, then print the rest."))

    monkeypatch.setattr(printing, "print_pdf", jam)
    answers.dialog = lambda dialog: True
    page._output.print(b"%PDF", 8)
    settle(qtbot, opened)
    page._output._on_again()
    settle(qtbot, opened)
    assert orders == ["", "4,5,6,7,8"]


def test_the_county_brings_its_own_paper_through_the_window(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path, village: Any
) -> None:
    page = shown(opened, "papers", PapersPage, kind="card", year=village.today.year)
    settle(qtbot, opened)
    press(page, "自有材料")
    assert page.own.isVisible()
    answers.path = tmp_path / "card.toml"
    press(page, "另存这种材料的模板…")
    assert answers.path.read_text(encoding="utf-8") == desk.own_papers.text("card")
    answers.path = tmp_path / "visit_card.toml"
    answers.path.write_text(VISIT_CARD.replace("{phone}", "{telephone}"), encoding="utf-8")
    with qtbot.waitSignal(opened.window.messages.told) as told:
        press(page, "添加模板文件…")
    assert told.args[0] == "problem"
    assert "visit_card.toml" in str(told.args)
    answers.path.write_text(VISIT_CARD, encoding="utf-8")
    press(page, "添加模板文件…")
    settle(qtbot, opened)
    assert page.own.model.rowCount() == 1
    page._kind.setCurrentIndex(page._kind.findData("visit_card"))
    page._on_kind()
    settle(qtbot, opened)
    assert page.view.area.count == 1
    press(page, "恢复自带模板")
    settle(qtbot, opened)
    assert page._kind.findData("visit_card") == -1


def test_what_is_not_done_in_a_second_language_is_said_where_it_is_chosen(
    qtbot: QtBot, opened: Program, village: Any
) -> None:
    page = shown(opened, "papers", PapersPage, kind="exit_list", year=village.today.year)
    settle(qtbot, opened)
    box = page.look._second
    offered = {box.itemData(n): (box.itemText(n), box.model().item(n).isEnabled()) for n in range(box.count())}
    assert offered["ug"] == ("维吾尔文（未核对）", True)
    assert offered["mn"] == ("蒙古文（未核对；只有横排，没有竖排）", True)
    assert offered["ii"] == ("彝文（词条还空着，不能用）", False)


def test_an_objection_is_not_taken_up_or_reported_late_from_its_line(qtbot: QtBot) -> None:
    card = ObjectionsCard(lambda: date(2019, 11, 30), ())
    qtbot.addWidget(card)
    verbs: list[Any] = []
    card.verb_wanted.connect(verbs.append)
    notice = NoticeDraft(id="n", posted_on=date(2019, 11, 10))
    old, new = (ObjectionDraft(id=key, notice_id="n", text="人口数不对") for key in ("old", "new"))
    card.show_notice(notice, [old, new], (), {"old"})
    card._opinion.show_value("不属公示事项")
    words = [(b.text(), b.property("objection")) for b in card.findChildren(QPushButton) if b.property("objection")]
    assert words.count(("逾期，上报", "old")) == 1
    assert ("逾期，上报", "new") not in words
    assert ("不予受理", "new") in words
    desk = Mock()
    for text in ("不予受理", "逾期，上报"):
        next(b for b in card.findChildren(QPushButton) if b.text() == text).click()
        verbs[-1](desk)
    desk.objections.decline.assert_called_once_with("old", "不属公示事项", date(2019, 11, 30))
    desk.objections.take.assert_called_once_with("old", "escalate", "不属公示事项")


def test_an_objection_says_how_it_came_and_its_result_is_made_public_from_the_keyboard(
    qtbot: QtBot, opened: Program, desk: Desk, village: Any
) -> None:
    (row,) = running(desk.notices.all(), desk.site.today())
    desk.notices.plan_days(row.notice.id, village.today, "days")
    desk.papers.print("exit_notice", [row.notice.id], "printed")
    desk.notices.post(row.notice.id, village.today, "村务公开栏", "李工", "posted")
    page = shown(opened, "notices", NoticesPage, notice_id=row.notice.id)
    settle(qtbot, opened)
    card = page.objections
    card._text.show_value("人口数不对")
    case = next(iter(desk.notices.households(row.notice.id)))
    card._case.show_value(case)
    qtbot.keyClicks(card._channel, "ld")
    qtbot.keyClicks(card._named, "nm")
    card._text.setFocus()
    for field in (card._case, card._channel, card._named, card._register):
        qtbot.keyClick(opened.window.focusWidget(), Qt.Key.Key_Tab)
        assert opened.window.focusWidget() is field
    qtbot.keyClick(card._register, Qt.Key.Key_Space)
    settle(qtbot, opened)
    (made,) = desk.notices.objections(row.notice.id)
    assert (desk.profile.codes.word("concern_channel", made.channel), made.named) == ("来电", False)
    assert any("来电 · 匿名" in each.text() for each in card.findChildren(QLabel))
    # the answer, with the result to be made public: it stays open until it was
    for field, words in ((card._by, "周敏、吴刚"), (card._found, "户口簿上三人"), (card._opinion, "人口数无误")):
        field.show_value(words)
    qtbot.keyClick(card._public, Qt.Key.Key_Space)
    press(page, "不成立")
    settle(qtbot, opened)
    assert desk.notices.objections(row.notice.id)[0].state == "answered"
    assert not card._opinion.isVisible()
    assert desk.papers.preview("objection_result", [row.notice.id]).pdf
    (publish,) = [b for b in card.findChildren(QPushButton) if b.text() == "结果已公布" and b.isVisible()]
    publish.setFocus()
    qtbot.keyClick(publish, Qt.Key.Key_Space)
    settle(qtbot, opened)
    (done,) = desk.notices.objections(row.notice.id)
    assert done.state == "closed"
    assert "结果已公布" in [act.reason for act in desk.history.recent(1)]
