"""Household events in the window: one page each, by keyboard, with what follows told before it is entered."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.windowed import Answers
from ui.app import Program
from ui.events.answers import KINDS, place_of
from ui.events.answers import Answers as Event
from ui.events.page import EventPage
from ui.events.year import YearPage
from ui.households.form import HouseholdForm
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft

ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


def family(desk: Desk, least: int = 3) -> HouseholdDraft:
    return next(h for h in desk.households.all() if len(h.living) >= least and h.head)


def event(program: Program, household: HouseholdDraft, kind: str, **more: str) -> EventPage:
    assert program.window.go("event", household_id=household.id, kind=kind, **more)
    page = program.window.frame.page
    assert isinstance(page, EventPage)
    return page


def yesterday(desk: Desk) -> str:
    return (desk.site.today() - timedelta(days=1)).strftime("%Y%m%d")


def type_in(qtbot: QtBot, *words: str) -> None:
    for word in words:
        qtbot.keyClicks(QApplication.focusWidget(), word)
        qtbot.keyClick(QApplication.focusWidget(), ENTER)


def test_the_death_of_a_head_is_entered_by_keyboard(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    opened.window.activateWindow()
    household = family(desk)
    heir = next(m for m in household.living if m.relation != "01")
    page = event(opened, household, "death")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.binder.row_of("on").editor)
    type_in(qtbot, yesterday(desk), "certificate 3", "note")
    place = [m.id for m in household.living].index(household.head.id)
    for _ in range(place + 1):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    page.consider()
    assert page.binder.draft.member_id == household.head.id
    assert page.binder.row_of("head_id") is not None, "the head left: who follows is asked"
    qtbot.keyClick(QApplication.focusWidget(), ENTER)
    assert QApplication.focusWidget() is page.binder.row_of("head_id").editor
    for _ in range([m.id for m in household.living].index(heir.id) + 1):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    page.consider()
    for n, _ in enumerate(page.binder.draft.relations):
        page.binder.row_of(f"relations.{n}.1").editor.setFocus()
        qtbot.keyClicks(QApplication.focusWidget(), "99")
    page.consider()
    told = page.findChild(type(page._follows), "") and page._follows.text()
    assert heir.name in told
    qtbot.keyClick(page, Qt.Key.Key_S, CTRL)
    after = desk.households.get(household.id)
    assert after.head.id == heir.id
    (entered,) = desk.events.of_household(household.id)
    assert (entered.kind, entered.document, entered.note) == ("death", "certificate 3", "note")
    assert isinstance(opened.window.frame.page, HouseholdForm)


def test_every_event_opens_with_its_fields_and_writes_nothing(opened: Program, desk: Desk) -> None:
    household = family(desk)
    before = desk.lists.waiting().unsent
    for kind in KINDS:
        page = event(opened, household, kind)
        assert page.binder.row_of("on") is not None
        page.consider()
        assert not page.binder.modified
    assert desk.lists.waiting().unsent == before


def test_a_birth_without_a_relation_is_refused_beside_the_field(opened: Program, desk: Desk) -> None:
    page = event(opened, family(desk), "birth")
    page.binder.put("on", desk.site.today())
    page.enter()
    assert page.binder.row_of("person.name").problem
    assert page.binder.row_of("person.relation").problem


def test_a_split_asks_for_both_heads(opened: Program, desk: Desk) -> None:
    household = family(desk)
    page = event(opened, household, "split")
    child = next(m for m in household.living if m.relation not in {"01", "02"})
    page.binder.put("on", desk.site.today())
    page.binder.put("member_ids", (household.head.id, child.id))
    page.binder.put("head_id", child.id)
    page.binder.put("founded.no", "20990001")
    page.consider()
    assert page.binder.row_of("other_head_id") is not None
    assert place_of(Event("split", head_id="a", member_ids=("b",)), "head_id") == "head_id"


def test_a_merge_and_taking_it_apart(opened: Program, desk: Desk) -> None:
    first, second = [h for h in desk.households.all() if h.head][:2]
    page = event(opened, first, "merge")
    page.binder.put("on", desk.site.today())
    page.binder.put("other_id", second.id)
    page.consider()
    assert [person for person, _ in page.binder.draft.relations] == [first.head.id]
    page.binder.put("relations.0.1", "21")
    page.consider()
    for n in range(1, len(page.binder.draft.relations)):
        page.binder.put(f"relations.{n}.1", "99")
    page.enter()
    form = opened.window.frame.page
    assert isinstance(form, HouseholdForm)
    assert form.binder.draft.id == second.id
    merge = desk.events.of_household(second.id)[-1]
    apart = event(opened, second, "unmerge", merge_id=merge.id, other_id=first.id)
    apart.binder.put("on", desk.site.today())
    apart.enter()
    assert {h.no for h in desk.households.all()} >= {first.no, second.no}


def test_half_an_event_is_not_lost_without_asking(opened: Program, desk: Desk, answers: Answers) -> None:
    page = event(opened, family(desk), "death")
    page.binder.put("note", "half")
    answers.yes = False
    assert not opened.window.go("households")
    answers.yes = True
    assert opened.window.go("households")


def test_the_menu_offers_every_event_by_one_key(opened: Program, desk: Desk) -> None:
    opened.window.go("household", household_id=family(desk).id, tab="events")
    form = opened.window.frame.page
    (menu,) = form.events.findChildren(QMenu)
    assert len(menu.actions()) == len(KINDS)
    assert len({action.text()[:2] for action in menu.actions()}) == len(KINDS)
    menu.actions()[0].trigger()
    assert isinstance(opened.window.frame.page, EventPage)


def test_an_event_is_taken_back_from_the_form(opened: Program, desk: Desk, answers: Answers) -> None:
    household = family(desk)
    page = event(opened, household, "suspended")
    page.binder.put("on", desk.site.today())
    page.binder.put("note", "away for a year")
    page.enter()
    form = opened.window.frame.page
    assert len(desk.events.of_household(household.id)) == 1
    answers.yes = True
    form.events._on_undo()
    assert desk.events.of_household(household.id) == ()
    assert desk.households.get(household.id).state == household.state


def test_the_year_is_counted_frozen_and_thawed(opened: Program, desk: Desk, answers: Answers) -> None:
    year = desk.site.today().year - 1
    opened.window.go("events", year=year)
    page = opened.window.frame.page
    assert isinstance(page, YearPage)
    persons = sum(len(h.living) for h in desk.households.all())
    assert page.report.row(0).persons == str(persons)
    answers.yes = True
    page._freeze.click()
    assert sum(len(each.member_ids) for each in desk.events.snapshots(year)) == persons
    assert page.list.rowCount() == len(desk.households.all())
    page._thaw.click()
    assert desk.events.snapshots(year) == ()


def test_a_family_moves_in_on_one_page_in_one_act(opened: Program, desk: Desk) -> None:
    household_id = desk.lists.household_ids()[0]
    page = event(opened, desk.households.get(household_id), "moved_in")
    page.binder.put("on", desk.site.today())
    page.binder.put("person", MemberDraft(name="周大", relation="99", sex="1", birth=date(1980, 1, 1)))
    page.add_person()
    page.add_person()
    page.binder.put("companions.0", MemberDraft(name="周二", relation="99", sex="2", birth=date(1982, 1, 1)))
    page.binder.put("companions.1", MemberDraft(name="周三", sex="1", birth=date(2015, 1, 1)))
    page.enter()
    assert page.binder.row_of("companions.1.relation").problem, "the third one's relation is asked beside its field"
    page.binder.put("companions.1.relation", "99")
    page.enter()
    assert {"周大", "周二", "周三"} <= {member.name for member in desk.households.get(household_id).living}
    (entered,) = [each for each in desk.events.of_household(household_id) if each.kind == "moved_in"]
    assert len(entered.member_ids) == 3


def test_the_report_of_a_year_is_printed_from_the_page(opened: Program, desk: Desk) -> None:
    year = desk.site.today().year
    opened.window.go("events", year=year)
    page = opened.window.frame.page
    page._on_print()
    papers = opened.window.frame.page
    assert (papers.kind, papers.year) == ("change_report", year)
    assert "table" in desk.papers.able("change_report")
