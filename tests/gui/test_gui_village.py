"""The village, its projects, money and reports through the window."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.gui.windowed import Answers, settle
from ui.app import Program
from ui.money.page import MoneyPage
from ui.money.shares import SharesCard
from ui.notices.page import NoticesPage
from ui.projects.page import ProjectsPage
from ui.reports.page import ReportsPage
from ui.village.page import VillagePage
from ui.village.words import VERBS
from villagedesk.desk import Desk
from villagedesk.drafts.money import FundDraft, PaymentDraft
from villagedesk.drafts.project import ProjectDraft
from villagedesk.drafts.village import FacilityDraft
from villagedesk.services.book import KINDS


def _page(program: Program, key: str, type_: type, **place: object):
    program.window.go(key, **place)
    page = program.window.frame.page
    assert isinstance(page, type_)
    return page


def _type(tab, **values: object) -> None:
    """Type into the form of a register as its editors tell the binder."""
    for name, value in values.items():
        tab.editors[name].edited.emit(value)


def test_the_kind_of_village_is_saved(opened: Program, desk: Desk) -> None:
    page = _page(opened, "village", VillagePage)
    row = page.kind.binder.row_of("covenant")
    assert row is not None
    row.editor.edited.emit("红白事从简，垃圾入桶")
    assert page.kind.save()
    assert desk.village.covenant == "红白事从简，垃圾入桶"


def test_a_figure_is_saved_with_its_source_or_says_what_it_lacks(opened: Program, desk: Desk) -> None:
    page = _page(opened, "village", VillagePage)
    year, figures = desk.site.today().year, page.figures
    figures.lines["doctors"].value.setText("2")
    figures.lines["doctors"].value.textEdited.emit("2")
    assert not figures.save()
    assert figures.lines["doctors"].said.text()
    figures._common.setText("卫生室登记")
    figures._common.textEdited.emit("卫生室登记")
    assert figures.save()
    stored = desk.indicators.of_year(year)["doctors"]
    assert (stored.value, stored.source) == (2, "卫生室登记")
    assert not figures.modified
    figures._on_count()
    assert figures.save()
    assert desk.indicators.of_year(year)["poor_households"].value == desk.indicators.counted(year)["poor_households"]


def test_a_finding_of_the_village_leads_to_its_figure(opened: Program, desk: Desk) -> None:
    page = _page(opened, "village", VillagePage, field="indicators.bus")
    assert page.tabs.currentWidget() is page.figures


def test_an_entry_of_a_register_is_added_changed_and_taken_off(opened: Program, desk: Desk, answers: Answers) -> None:
    page = _page(opened, "village", VillagePage)
    tab = page.registers[1]
    assert tab._body.currentIndex() == 1  # empty: it says what to do
    tab._on_first()
    _type(tab, kind="02")
    assert not tab.save()
    assert tab.binder.row_of("name").problem
    _type(tab, name="集中供水站", caretaker="张平")
    assert tab.save()
    (stored,) = desk.book.all(FacilityDraft)
    assert (stored.kind, stored.caretaker) == ("02", "张平")
    _type(tab, caretaker="李静")
    answers.save = "save"
    assert page.may_leave()
    assert desk.book.all(FacilityDraft)[0].caretaker == "李静"
    answers.line = "重复录入"
    tab._on_remove()
    assert desk.book.all(FacilityDraft) == ()


def test_a_project_goes_its_way_and_is_posted(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    page = _page(opened, "projects", ProjectsPage)
    today = desk.site.today()
    page.tab._on_first()
    _type(page.tab, title="二组通组路", place="二组", content="1.2公里", amount=100_000_00, source="04", unit="镇政府",
          starts_on=today, ends_on=today + timedelta(days=90), benefit="全组受益")  # fmt: skip
    assert page.tab.save()
    approve = page._step_buttons[0]
    approve.click()
    (row,) = desk.projects.all()
    assert row.project.state == "approved"
    assert "未" in page._money.text() or "not" in page._money.text()
    page._post("projects")
    settle(qtbot, opened)
    assert opened.window.frame.key == "notices"
    assert [each.notice.kind for each in desk.notices.all() if each.notice.kind == "projects"] == ["projects"]
    notice = next(each.notice.id for each in desk.notices.all() if each.notice.kind == "projects")
    desk.notices.plan_days(notice, today, "days")
    shown = _page(opened, "notices", NoticesPage, notice_id=notice)
    settle(qtbot, opened)
    assert shown._said.text() == ""


def test_money_is_refused_beside_the_field_and_booked(opened: Program, desk: Desk) -> None:
    desk.funds.save(FundDraft(title="挂钩资金", year=desk.site.today().year, amount=100_00), "promised")
    page = _page(opened, "money", MoneyPage)
    ledger = page.ledger
    ledger._on_first()
    _type(ledger, fund_id=desk.funds.all()[0].fund.id, amount=50_00, way="out")
    assert not ledger.save()
    assert ledger.binder.row_of("amount").problem
    _type(ledger, way="in")
    assert ledger.save()
    assert desk.funds.all()[0].arrived == 50_00
    assert page.funds.model.row(0).left == 50_00


def test_shares_are_entered_and_shared_out(opened: Program, desk: Desk, answers: Answers) -> None:
    page = _page(opened, "money", MoneyPage)
    tab = page.registers[3]
    tab._on_first()
    _type(tab, title="村级光伏电站", kind="01")
    assert tab.save()
    card = page.findChild(SharesCard)
    for place, household_id in enumerate(desk.lists.household_ids()[:3]):
        card._household.show_value(household_id)
        card._shares.show_value(place + 1)
        card._on_hold()
    card._income.show_value(100_01)
    card._kept.show_value(0)
    card._on_reckon()
    (shared,) = desk.assets.all()[0].distributions
    assert sum(line.amount for line in shared.payouts) == 100_01
    assert card.model.rowCount() == 3
    answers.line = "村民代表会议"
    card._on_decide()
    assert card.distribution is not None
    assert card.distribution.decided_by == "村民代表会议"
    assert not card._decide.isEnabled()


def test_a_report_opens_the_rows_behind_a_figure(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path
) -> None:
    today = desk.site.today()
    fund = desk.funds.save(FundDraft(title="挂钩资金", year=today.year, amount=9_00), "promised").records["fund"][0]
    desk.funds.pay(PaymentDraft(fund_id=fund, way="in", on=today, amount=9_00), "slip")
    desk.projects.save(ProjectDraft(title="打井", year=today.year), "proposed")
    page = _page(opened, "reports", ReportsPage)
    settle(qtbot, opened)
    tab = page.reports
    tab.kind.setCurrentIndex(tab.kind.findData("situation"))
    tab._on_kind()
    settle(qtbot, opened)
    names = [tab.lines.row(n).figure.key for n in range(tab.lines.rowCount())]
    tab.table.selectRow(names.index("money_arrived"))
    assert tab.rows.rowCount() == 1
    tab.table.selectRow(names.index("households"))
    assert tab.rows.rowCount() == desk.lists.count()
    answers.path = tmp_path / "report.xlsx"
    tab._on_table()
    settle(qtbot, opened)
    assert answers.path.is_file()
    tab._on_opened(tab.rows.row(0))
    assert opened.window.frame.key == "household"


def test_a_request_is_answered_with_a_report(opened: Program, desk: Desk) -> None:
    page = _page(opened, "reports", ReportsPage)
    register = page.requests.register
    register._on_first()
    _type(register, asked_by="县水务局", form="月报", figures=30, report="month")
    page.requests._on_answered()
    assert desk.reports.requests() == ()  # not saved yet: it says so
    assert register.save()
    page.requests._on_answered()
    (stored,) = desk.reports.requests()
    assert stored.answered_on == desk.site.today()
    assert 0 < (stored.reused or 0) < 30
    assert "30" in page.requests._said.text()


def test_charts_can_be_read_without_seeing_them(opened: Program, desk: Desk) -> None:
    page = _page(opened, "village", VillagePage)
    chart = page.overview.charts["states"]
    for bar in desk.overview.charts(desk.site.today().year)[0].bars:
        assert str(bar.word) in chart.accessibleDescription()
    assert not chart.grab().isNull()


def test_every_step_of_the_village_has_its_word_in_the_history(desk: Desk) -> None:
    folder = Path(__file__).resolve().parents[2] / "villagedesk/services"
    said = set()
    for name in ("indicators", "projects", "funds", "assets", "reports"):
        said |= set(re.findall(r'work\("([a-z_.]+)"', (folder / f"{name}.py").read_text("utf-8")))
    said |= {f"{kind}.{verb}" for kind in KINDS.values() for verb in ("save", "remove")}
    said |= {f"project.{step.key}" for step in desk.projects.procedure.transitions}
    assert len(said) > 25
    assert said <= set(VERBS)
