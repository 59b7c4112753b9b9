"""The week of a team through the window: visits, days, concerns, the ledger, and the list of what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.windowed import Answers, settle
from ui.app import Program
from ui.concerns.page import ConcernsPage
from ui.measures.page import MeasuresPage
from ui.pages import PAGES
from ui.plans.form import PlanForm
from ui.team.page import TeamPage
from ui.today.worklist import WorkListCard
from ui.visits.page import VisitsPage
from villagedesk.desk import Desk
from villagedesk.drafts.concern import ComplainantDraft, ConcernDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.text import tr


def _page(program: Program, key: str, type_: type, **place: object):
    program.window.go(key, **place)
    page = program.window.frame.page
    assert isinstance(page, type_)
    return page


def test_a_visit_is_written_and_the_next_home_keeps_day_and_people(opened: Program, desk: Desk) -> None:
    page = _page(opened, "visits", VisitsPage)
    due = desk.visits.due()
    page.due_table.activated.emit(page.due.index(0, 0))
    assert page.entry.binder.draft.household_id == due[0].household.id
    page.entry.binder.put("companion", "周敏")
    page.entry.binder.put("heard", "想养两头猪")
    assert page.entry.save()
    now = page.entry.binder.draft
    assert (now.household_id, now.heard, now.companion, now.visitor) == ("", "", "周敏", "李工")
    assert [row.visit.heard for row in desk.visits.rows()] == ["想养两头猪"]
    assert len(desk.visits.due()) == len(due) - 1
    assert page.due.rowCount() == len(due) - 1


def test_a_visit_is_written_with_the_keyboard_alone_in_few_keys_beside_its_words(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    """Who, whom, wish heard, problem, promise and its day: words are typed once, all else is a handful of keys."""
    page = _page(opened, "visits", VisitsPage)
    words, pressed = ["two pigs, please", "roof leaks", "ask the office", "2019-12-01"], 0
    page.due_table.setFocus()
    page.due_table.selectRow(0)
    qtbot.keyClick(page.due_table, Qt.Key.Key_Return)
    pressed += 1
    fields = [page.entry.binder.row_of(name).editor for name in ("heard", "problem", "promise", "promise_due")]
    for editor, said in zip(fields, words, strict=True):
        for _ in range(5):
            if editor.hasFocus():
                break
            focused = opened.window.focusWidget()
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
            pressed += 1
        assert editor.hasFocus()
        qtbot.keyClicks(editor, said)
    answers.path = tmp_path / "roof.jpg"
    answers.path.write_bytes(_picture())
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(opened.window.focusWidget(), Qt.Key.Key_A, both)
    qtbot.keyClick(opened.window.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    pressed += 2
    (row,) = desk.visits.rows()
    assert [each.kind for each in desk.evidence.of(row.visit.id)] == ["photo"]
    assert (row.visit.heard, row.visit.problem, row.visit.promise) == tuple(words[:3])
    assert row.visit.promise_due.isoformat() == words[3]
    assert (row.visit.visitor, row.visit.visited_on) == ("李工", desk.site.today())  # stood there already
    assert pressed <= 7


def test_a_picture_that_cannot_be_kept_makes_no_second_visit(
    opened: Program, desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    page = _page(opened, "visits", VisitsPage, household_id=desk.lists.household_ids()[0])
    page.entry.binder.put("heard", "roof leaks")
    answers.path = tmp_path / "spoilt.jpg"
    answers.path.write_bytes(b"no picture")
    page.entry._on_photo()
    assert page.entry.save()
    assert page.entry.binder.draft.id == desk.visits.rows()[0].visit.id, "the visit came back for another picture"
    assert page.entry.save()
    assert len(desk.visits.rows()) == 1


def _picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (400, 300), "grey").save(made, "JPEG")
    return made.getvalue()


def test_a_visit_without_a_word_is_not_saved_and_says_where(opened: Program, desk: Desk) -> None:
    page = _page(opened, "visits", VisitsPage, household_id=desk.lists.household_ids()[0])
    assert not page.entry.save()
    assert page.entry.binder.row_of("heard").problem
    assert desk.visits.rows() == ()


def test_members_days_and_pairings(opened: Program, desk: Desk) -> None:
    page = _page(opened, "team", TeamPage)
    form = page.members.binder
    form.put("name", "周敏")
    form.put("role", "leader")
    form.put("starts_on", desk.site.today() - timedelta(days=100))
    assert page.members.save()
    page.tabs.setCurrentIndex(1)
    page.days.day.put("work", "入户")
    page.days.write()
    assert page.days.month is not None
    assert page.days.month.count("1") == 1
    page.tabs.setCurrentIndex(2)
    page.pairings.helper.put("name", "吴刚")
    page.pairings.helper.put("affiliation", "04")
    page.pairings.helper.put("roles", ("01", "05"))
    page.pairings.save_helper()
    home = desk.lists.household_ids()[0]
    page.pairings.pair.put("household_id", home)
    page.pairings.pair.put("helper_id", desk.team.helpers()[0].id)
    page.pairings.save_pair()
    assert len(desk.team.pairings(home)) == 1
    page.pairings.table.selectRow(page.pairings.model.rowCount() - 1)
    page.pairings._on_change()
    page.pairings.helper.put("rank", "科员")
    page.pairings.save_helper()
    (helper,) = desk.team.helpers()
    assert (helper.affiliation, helper.rank, helper.roles) == ("04", "科员", ("01", "05"))
    assert page.may_leave()


def test_a_concern_goes_its_way_and_who_raised_it_stays_covered(opened: Program, desk: Desk) -> None:
    page = _page(opened, "concerns", ConcernsPage)
    page.entry.put("topic", "04")
    page.entry.put("text", "路灯坏了")
    page.entry.put("handler", "周敏")
    page.who.put("name", "孙秘密")
    assert page.register()
    assert "孙秘密" not in page._covered.text()
    assert not desk.looks.all()
    page._show_who.click()
    assert "孙秘密" in page._covered.text()
    assert len(desk.looks.all()) == 1
    (row,) = desk.concerns.all()
    accept = next(step for step in row.steps if step.verb == "accept")
    page._on_step(accept)
    assert desk.concerns.get(row.concern.id).state == "accepted"
    assert "孙秘密" not in page._covered.text()


def test_the_village_committee_sees_no_button_to_look(opened: Program, desk: Desk, monkeypatch) -> None:
    draft = ConcernDraft(channel="2", topic="04", text="路灯坏了")
    concern = desk.concerns.register(draft, ComplainantDraft(name="孙秘密"), "came").records["concern"][0]
    monkeypatch.setattr(type(desk.users), "may", lambda _self, what: what == "write")
    page = _page(opened, "concerns", ConcernsPage, concern_id=concern)
    assert not page._show_who.isVisibleTo(page)


@pytest.fixture
def agreed(desk: Desk) -> MeasureDraft:
    """A plan the household signed, with one measure."""
    home = desk.households.all()[0]
    today = desk.site.today()
    member = home.living[0]
    wish = WishDraft(household_id=home.id, member_id=member.id, kind="99", asked_on=today, asked_by="周敏", answer="1",
                     cooling_days=0)  # fmt: skip
    desk.wishes.save(wish, "asked")
    measures = tuple(
        MeasureDraft(member_id=member.id, category="industry", cause=cause, content="养羊", responsible="周敏",
                     amount=5_000_00)
        for cause in dict.fromkeys((home.main_cause, *home.other_causes))
    )  # fmt: skip
    plan = PlanDraft(household_id=home.id, year=today.year, livelihood="养羊", measures=measures)
    plan_id = desk.plans.save(plan, "drawn up").records["plan"][0]
    desk.plans.agree(plan_id, home.head.name, today, "", "signed")
    return desk.plans.get(plan_id).measures[0]


def test_the_household_answers_every_line_of_its_plan(opened: Program, desk: Desk, agreed: MeasureDraft) -> None:
    desk.plans.new_version(agreed.plan_id, "changed")
    page = _page(opened, "plan", PlanForm, household_id=agreed.household_id)
    signing = page.signing
    assert signing.isVisibleTo(page)
    signing.sign()
    assert [line.problem != "" for line in signing.answers.values()] == [True] * len(signing.answers)
    assert page.binder.draft.agreed_on is None
    signing.agree_to_all()
    first = next(iter(signing.answers))
    signing.answers[first].editor.show_value(False)
    signing.sign()
    plan = desk.plans.get(page.binder.draft.id)
    assert plan.agreed_on == desk.site.today()
    assert {each.accepted for each in plan.measures if each.id != first} <= {True}
    assert [(each.accepted, each.state) for each in plan.measures if each.id == first] == [(False, "declined")]
    assert not signing.isVisibleTo(page)


def test_facts_and_payments_are_entered_from_the_ledger(opened: Program, desk: Desk, agreed: MeasureDraft) -> None:
    desk.plans.start(agreed.id, desk.site.today(), "begun")
    page = _page(opened, "measures", MeasuresPage, year=desk.site.today().year)
    page.table.selectRow(0)
    page.facts.binder.put("enterprise", "泗洪某合作社")
    page.facts.binder.put("approved_on", desk.site.today())
    assert page.facts.save()
    page.facts.payment.put("paid", 500_00)
    page.facts.payment.put("proof", "凭证1")
    page.facts._on_pay()
    row = desk.measures.rows()[0]
    assert (row.measure.enterprise, row.measure.paid) == ("泗洪某合作社", 500_00)
    page.table.activated.emit(page.model.index(0, 0))
    form = opened.window.frame.page
    assert isinstance(form, PlanForm)
    assert form.measures.measure.id == row.measure.id
    assert form.measures.facts.binder.draft.enterprise == "泗洪某合作社"


def _under_way(desk: Desk, agreed: MeasureDraft, **facts: object) -> None:
    """The measure as another kind that is under way."""
    with desk.site.store.work("test", "another kind") as work:
        work.put("measure", desk.site.village, {"state": "active", "starts_on": desk.site.today(), **facts}, agreed.id)


def test_a_mended_house_closes_its_case_by_one_button(
    opened: Program, desk: Desk, agreed: MeasureDraft, answers: Answers
) -> None:
    home = desk.households.get(agreed.household_id)
    desk.households.save(replace(home, dwelling="D"), "survey")
    _under_way(desk, agreed, category="housing", house_before="D")
    page = _page(opened, "measures", MeasuresPage, year=desk.site.today().year)
    page.table.selectRow(0)
    (safe,) = [each for each in page.facts.findChildren(QPushButton) if each.text() == tr("House judged safe")]
    answers.yes = True
    safe.click()
    house = desk.households.get(agreed.household_id)
    assert (house.dwelling, house.dwelling_checked_on) == ("A", desk.site.today())
    assert desk.measures.rows()[0].measure.closed_out_on == desk.site.today()
    page.table.selectRow(0)
    shown = [each for each in page.facts.findChildren(QPushButton) if each.isVisibleTo(page.facts)]
    assert tr("House judged safe") not in {each.text() for each in shown}


def test_a_loan_is_extended_from_the_ledger_and_not_to_an_earlier_day(
    opened: Program, desk: Desk, agreed: MeasureDraft
) -> None:
    due = desk.site.today() + timedelta(days=30)
    _under_way(desk, agreed, category="finance", amount=30_000_00, due_on=due)
    page = _page(opened, "measures", MeasuresPage, year=desk.site.today().year)
    page.table.selectRow(0)
    page.facts.binder.put("loan_state", "3")
    page.facts.binder.put("extended_to", due)
    page.facts._on_loan()
    assert page.facts.binder.row_of("extended_to").problem
    page.facts.binder.put("extended_to", due + timedelta(days=180))
    page.facts._on_loan()
    assert desk.measures.rows()[0].measure.extended_to == due + timedelta(days=180)


def test_an_amount_no_record_can_hold_is_refused_at_its_field(
    opened: Program, desk: Desk, agreed: MeasureDraft
) -> None:
    _under_way(desk, agreed, approved_on=desk.site.today())
    page = _page(opened, "measures", MeasuresPage, year=desk.site.today().year)
    page.table.selectRow(0)
    paid = page.facts.payment.row_of("paid")
    paid.editor.setText("9" * 20)
    paid.editor.textEdited.emit("9" * 20)
    page.facts._on_pay()
    assert paid.problem
    assert desk.measures.rows()[0].measure.paid == 0


def test_the_list_of_today_opens_each_record(qtbot: QtBot, opened: Program, desk: Desk, agreed: MeasureDraft) -> None:
    desk.concerns.register(ConcernDraft(channel="2", topic="04", text="路灯坏了"), None, "came")
    opened.window.go("households")
    opened.window.go("today")
    settle(qtbot, opened)
    card = opened.window.frame.page.findChildren(WorkListCard)[-1]
    kinds = {item.kind for item in card.items}
    assert {"concerns", "visits", "findings"} <= kinds
    assert {item.page for item in card.items} <= {page.key for page in PAGES}
    for item in {item.kind: item for item in card.items}.values():
        card._go(item.page, **dict(item.place))
        assert opened.window.frame.key == item.page
        settle(qtbot, opened)


def test_an_entry_that_is_not_saved_is_asked_about(opened: Program, desk: Desk, answers: Answers) -> None:
    page = _page(opened, "visits", VisitsPage)
    page.entry.binder.put("heard", "x")
    answers.save = "stay"
    assert not opened.window.go("today")
    answers.save = "drop"
    assert opened.window.go("today")
