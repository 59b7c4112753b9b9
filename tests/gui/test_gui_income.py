"""The income sheet: the months beside the year, last year beside the figure, and where a figure comes from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.windowed import Answers
from ui.app import Program
from ui.households.form import HouseholdForm
from ui.households.income import IncomeTab
from ui.slices import SlicedCards
from villagedesk.desk import Desk
from villagedesk.drafts.household import IncomeDraft
from villagedesk.drafts.money import AssetDraft, ShareDraft


def _tab(program: Program, household_id: str) -> IncomeTab:
    program.window.go("household", household_id=household_id)
    form = program.window.frame.page
    assert isinstance(form, HouseholdForm)
    form.tabs.setCurrentIndex(3)
    _wait_for_cards(form.income)
    return form.income


def _wait_for_cards(tab: IncomeTab) -> None:
    for cards in tab.findChildren(SlicedCards):
        cards.complete()


def _put(tab: IncomeTab, item: str, month: int | None, amount: int) -> None:
    at = next(n for n, line in enumerate(tab.binder.draft.lines) if (line.item, line.month) == (item, month))
    tab.binder.put(f"lines.{at}.amount", amount)


def _choose(tab: IncomeTab, month: int | None) -> None:
    tab._month.setCurrentIndex(tab._month.findData(month) if month else 0)
    tab._on_month()


def test_monthly_cards_add_up_and_typing_survives_another_card(opened: Program, desk: Desk, answers: Answers) -> None:
    household_id = desk.lists.household_ids()[0]
    before = desk.households.incomes(household_id)[0]
    tab = _tab(opened, household_id)
    item = "wage.work"
    for month, amount in ((3, 100_00), (5, 250_50)):
        _choose(tab, month)
        assert {line.month for line in tab.binder.draft.lines} >= {month}
        _put(tab, item, month, amount)
    _choose(tab, None)
    assert tab.binder.modified
    assert sum(line.amount for line in tab.binder.draft.lines if line.month) == 350_50
    assert tab.save()
    after = desk.households.incomes(household_id)[0]
    assert sum(line.amount for line in after.lines) == sum(line.amount for line in before.lines) + 350_50
    assert [len(card.lines) for card in desk.incomes.cards(after) if card.month in {3, 5}] == [1, 1]
    _wait_for_cards(tab)
    assert "350.50" in " ".join(label.text() for label in tab.findChildren(QLabel))


def test_a_figure_tells_who_wrote_it_when_and_why(opened: Program, desk: Desk, answers: Answers) -> None:
    household_id = desk.lists.household_ids()[0]
    tab = _tab(opened, household_id)
    line = next(line for line in tab.binder.draft.lines if line.amount)
    tab._show_origin(line.item)
    assert "→" in tab.origin.text
    assert tab.binder.draft.id
    assert not tab.binder.modified
    tab._context.desk.households.lock_income(tab.binder.draft.id, "signed on paper")
    tab._reload()
    assert not tab.binder.editors[0].isEnabled()
    assert all(each.isEnabled() for each in tab.findChildren(QPushButton) if each.objectName() == "link")


def test_a_dividend_on_file_is_taken_over_by_its_button(opened: Program, desk: Desk) -> None:
    household_id = desk.lists.household_ids()[0]
    statement = desk.households.incomes(household_id)[0]
    asset = desk.assets.save(AssetDraft(title="村级光伏电站"), "entered").records["asset"][0]
    desk.assets.hold([ShareDraft(asset_id=asset, year=statement.year, household_id=household_id, shares=3)], "in")
    made = desk.assets.reckon(asset, statement.year, 1_234_57, 0, "account").records["distribution"][0]
    desk.assets.decide(made, desk.site.today(), "村民代表会议", "agreed")
    with desk.site.store.work("test", "posted and paid") as work:
        work.put("distribution", desk.site.village, {"paid_on": date(statement.year, 10, 1)}, made)
    tab = _tab(opened, household_id)
    (take,) = [each for each in tab.findChildren(QPushButton) if "1234.57" in each.text()]
    assert "村级光伏电站" in take.toolTip()
    take.click()
    assert tab.save()
    saved = next(each for each in desk.households.incomes(household_id) if each.id == statement.id)
    (line,) = [each for each in saved.lines if each.item == "property.dividend"]
    assert (line.amount, "村级光伏电站" in line.evidence) == (1_234_57, True)


def test_a_statement_typed_in_the_window_has_the_days_of_its_period(opened: Program, desk: Desk) -> None:
    household_id = desk.lists.household_ids()[0]
    tab = _tab(opened, household_id)
    before = tab.binder.draft
    tab.binder.put("period", "october")
    assert tab.save()
    saved = next(each for each in desk.households.incomes(household_id) if each.id == before.id)
    assert (saved.starts_on, saved.ends_on) == (date(before.year - 1, 10, 1), date(before.year, 9, 30))
    fresh = desk.incomes.dated(IncomeDraft(household_id=household_id, year=before.year))
    assert (fresh.starts_on, fresh.ends_on) == (date(before.year, 1, 1), date(before.year, 12, 31))


def test_a_statement_begins_from_last_years_lines(qtbot: QtBot, opened: Program, desk: Desk, answers: Answers) -> None:
    household_id = desk.lists.household_ids()[0]
    before = desk.households.incomes(household_id)[0]
    tab = _tab(opened, household_id)
    begin = next(one for one in tab.findChildren(QPushButton) if one.text() == "从上年开始")
    assert not begin.isVisible(), "this year's statement is there"
    tab._year.addItem(str(before.year + 1), before.year + 1)
    tab._year.setCurrentIndex(tab._year.count() - 1)
    tab._on_year()
    assert begin.isVisible()
    begin.setFocus()
    qtbot.keyClick(begin, Qt.Key.Key_Space)
    typed = {line.item: line for line in tab.binder.draft.lines if line.amount}
    assert typed == {line.item: replace(line, evidence="") for line in before.lines if line.amount}
    assert tab.binder.modified
    assert desk.households.incomes(household_id)[0] == before, "nothing is saved yet"
    item = next(iter(typed))
    at = next(n for n, line in enumerate(tab.binder.draft.lines) if line.item == item)
    assert tab.binder.row_of(f"lines.{at}.amount").editor.value() == typed[item].amount
    assert tab.save()
    assert desk.households.incomes(household_id)[0].year == before.year + 1
    assert not begin.isVisible()
