"""The household form: keyboard-only entry, saving, undo, what was refused, what somebody else changed."""

from __future__ import annotations

from dataclasses import asdict, replace

import orjson
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.factories import make_id_number
from tests.gui.windowed import Answers
from ui.app import Program
from ui.households.form import HouseholdForm
from ui.unfinished import NEW, kept, revive
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.team import HelperDraft

ENTER, CTRL, SHIFT = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def _form(program: Program, **place: object) -> HouseholdForm:
    program.window.go("household", **place)
    page = program.window.frame.page
    assert isinstance(page, HouseholdForm)
    return page


def _type(qtbot: QtBot, *words: str) -> None:
    """Type each word into the field with the cursor and go on with Enter; Chinese comes from an input method."""
    for word in words:
        field = QApplication.focusWidget()
        assert field is not None, f"no field takes “{word}”"
        if word.isascii():
            qtbot.keyClicks(field, word)
        else:
            commit = QInputMethodEvent("", [])
            commit.setCommitString(word)
            QApplication.sendEvent(field, commit)
        qtbot.keyClick(QApplication.focusWidget(), ENTER)


def test_a_household_of_two_is_entered_without_a_mouse(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    from datetime import date

    opened.window.activateWindow()
    form = _form(opened, household_id="")
    form.show_field("no")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is form.binder.row_of("no").editor)
    _type(qtbot, "9001", "三组", "三组12号", "13900000000")
    form.tabs.setCurrentIndex(1)
    head, wife = make_id_number(date(1975, 3, 15)), make_id_number(date(1978, 8, 1), "2")
    qtbot.keyClick(form, ENTER, CTRL)
    _type(qtbot, head, "王建国", "01")
    qtbot.keyClick(form, ENTER, CTRL)
    _type(qtbot, wife, "陈秀英", "po")
    qtbot.keyClick(form, Qt.Key.Key_S, CTRL)
    stored = desk.households.by_no("9001")
    assert [(member.name, member.relation, member.sex) for member in stored.members] == [
        ("王建国", "01", "1"),
        ("陈秀英", "02", "2"),
    ]
    assert [member.birth for member in stored.members] == [date(1975, 3, 15), date(1978, 8, 1)]
    assert (stored.group, stored.address, stored.water_safe) == ("三组", "三组12号", None)
    assert not form.binder.modified


def test_opening_and_leaving_writes_nothing(opened: Program, desk: Desk) -> None:
    before = desk.lists.status().waiting.unsent
    for household_id in desk.lists.household_ids():
        form = _form(opened, household_id=household_id)
        for number in range(form.tabs.count()):
            form.tabs.setCurrentIndex(number)
        assert not form.binder.modified
        assert form.binder.draft == desk.households.get(household_id)
    assert desk.lists.status().waiting.unsent == before


def test_what_is_wrong_stands_beside_the_field_and_is_not_saved(opened: Program, desk: Desk) -> None:
    household_id = desk.lists.household_ids()[0]
    form = _form(opened, household_id=household_id)
    form.binder.put("members.0.name", "")
    assert not form.save()
    assert form.binder.row_of("members.0.name").problem
    assert form.tabs.currentIndex() == 1
    assert desk.households.get(household_id).members[0].name


def test_unsaved_typing_is_asked_about(opened: Program, desk: Desk, answers: Answers) -> None:
    form = _form(opened, household_id=desk.lists.household_ids()[0])
    form.binder.put("address", "新屋")
    answers.save = "stay"
    assert not opened.window.go("today")
    assert opened.window.frame.key == "household"
    answers.save = "save"
    assert opened.window.go("today")
    assert desk.households.get(desk.lists.household_ids()[0]).address == "新屋"


def test_somebody_else_saved_first(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    household_id = desk.lists.household_ids()[0]
    form = _form(opened, household_id=household_id)
    form.binder.put("address", "mine")
    desk.households.save(replace(desk.households.get(household_id), address="theirs"), "other")
    with qtbot.waitSignal(opened.window.messages.told) as told:
        assert not form.save()
    assert told.args[0] == "warn"
    assert desk.households.get(household_id).address == "theirs"


def test_the_last_change_is_taken_back(opened: Program, desk: Desk, answers: Answers) -> None:
    household_id = desk.lists.household_ids()[0]
    before = desk.households.get(household_id).address
    form = _form(opened, household_id=household_id)
    form.binder.put("address", "新屋")
    assert form.save()
    form.tabs.setCurrentWidget(form.history)
    answers.yes = True
    form.history._undo.click()
    assert desk.households.get(household_id).address == before
    assert form.binder.draft.address == before


def test_the_id_number_fills_what_is_empty_and_overwrites_nothing(opened: Program, desk: Desk, qtbot: QtBot) -> None:
    from datetime import date

    form = _form(opened, household_id="")
    form.members.add()
    form.binder.put("members.0.birth", date(1970, 1, 1))
    editor = form.binder.row_of("members.0.id_number").editor
    editor.setText(make_id_number(date(1975, 3, 15), "2"))
    editor.textEdited.emit(editor.text())
    member = form.binder.draft.members[0]
    assert (member.birth, member.sex) == (date(1970, 1, 1), "2")
    form.binder.stack.undo()
    assert form.binder.draft.members[0].sex == ""


def test_income_lines_nobody_typed_into_are_not_stored(opened: Program, desk: Desk) -> None:
    household_id = desk.lists.household_ids()[0]
    stored = desk.households.incomes(household_id)[0]
    form = _form(opened, household_id=household_id)
    form.tabs.setCurrentIndex(3)
    tab = form.income
    number = next(n for n, line in enumerate(tab.binder.draft.lines) if not line.amount)
    tab.binder.put(f"lines.{number}.amount", 12345)
    assert tab.save()
    again = desk.households.incomes(household_id)[0]
    assert len(again.lines) == len(stored.lines) + 1
    assert sum(line.amount for line in again.lines) == sum(line.amount for line in stored.lines) + 12345


def test_the_finder_leads_to_the_person(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    household = desk.households.get(desk.lists.household_ids()[3])
    finder = opened.window.frame.finder
    qtbot.keyClicks(finder, household.no)
    assert finder.found[0].household_id == household.id
    qtbot.keyClick(finder, ENTER)
    page = opened.window.frame.page
    assert isinstance(page, HouseholdForm)
    assert page.binder.draft.id == household.id
    assert finder.text() == ""


def test_typing_survives_a_power_cut_and_is_offered_back(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    household_id = desk.lists.household_ids()[0]
    form = _form(opened, household_id=household_id)
    form.binder.put("address", "新屋")
    form.binder.put("members.0.joined_on", desk.site.today())
    typed = form.binder.draft
    form._keeper.keep()
    form.binder.load(desk.households.get(household_id))  # the power goes: the form is as it was stored
    opened.window.go("today")
    page = _form(opened, household_id=household_id)
    assert page.binder.draft.address != "新屋"
    opened.window._bar._act.click()
    assert page.binder.draft == typed
    assert page.binder.modified
    page.binder.stack.undo()
    assert page.binder.draft == desk.households.get(household_id)
    page.binder.stack.redo()
    assert page.save()
    assert kept(desk) == {}


def test_typing_is_kept_a_moment_after_the_last_key(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    form = _form(opened, household_id="")
    form.binder.put("no", "77")
    qtbot.waitUntil(lambda: bool(kept(desk)), timeout=5_000)
    assert kept(desk)[NEW].no == "77"


MEMBERS = st.builds(
    MemberDraft,
    name=st.text(max_size=3),
    birth=st.none() | st.dates(),
    health=st.lists(st.just("01")).map(tuple),
    dibao=st.none() | st.booleans(),
    work_months=st.none() | st.integers(0, 12),
)


@given(MEMBERS)
def test_a_draft_comes_back_from_its_plain_values(member: MemberDraft) -> None:
    draft = HouseholdDraft(no="1", members=(member,), extra=(("a", "b"),))
    stored = orjson.loads(orjson.dumps(asdict(draft)))
    assert revive(HouseholdDraft, stored) == draft


def test_sensitive_facts_are_covered_until_asked_for_and_for_each_person_anew(opened: Program, desk: Desk) -> None:
    household = next(each for each in map(desk.households.get, desk.lists.household_ids(None, "group"))
                     if len(each.members) > 1)  # fmt: skip
    form = _form(opened, household_id=household.id)
    form.tabs.setCurrentIndex(1)
    first, second = form.members.model.row(0), form.members.model.row(1)
    form.members.select(0)
    health = form.binder.row_of("members.0.health").editor
    assert not health.isVisible()
    form.show_field("members.0.health")
    assert health.isVisible()
    assert [(look.record, look.who) for look in desk.looks.all()] == [(first.id, "李工")]
    form.members.select(1)
    assert not health.isVisible()
    form.show_field("members.1.health")
    assert [look.record for look in desk.looks.all()] == [second.id, first.id]


def test_the_rules_look_at_what_is_being_typed(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    household = next(one for one in desk.households.all() if len(one.living) > 1)
    form = _form(opened, household_id=household.id)
    before = len(form._hints._findings)
    draft = form.binder.draft
    members = tuple(replace(member, work_months=14) for member in draft.members)
    form.binder.put("", replace(draft, members=members))
    qtbot.waitUntil(lambda: len(form._hints._findings) > before, timeout=5_000)
    assert any(field.endswith("work_months") for _, field in form._hints._findings)
    assert desk.households.get(household.id) == household


def _typed(form: HouseholdForm, path: str, text: str) -> str:
    row = form.binder.row_of(path)
    row.editor.setText(text)
    row.editor.textEdited.emit(text)
    return row.problem


def test_a_number_or_person_of_another_file_stops_while_typing(opened: Program, desk: Desk) -> None:
    other = next(h for h in desk.households.all() if h.head and h.head.id_number)
    form = _form(opened, household_id="")
    assert other.no in _typed(form, "no", other.no)
    form.members.add()
    assert other.no in _typed(form, "members.0.id_number", other.head.id_number)
    form.binder.load(HouseholdDraft())


def test_group_and_helper_are_carried_to_the_next_new_file(opened: Program, desk: Desk) -> None:
    helper = desk.team.save_helper(HelperDraft(name="孙立"), "list").records["helper"][0]
    form = _form(opened, household_id="")
    for path, value in (("no", "9101"), ("group", "七组"), ("members", (MemberDraft(name="王建国", relation="01"),))):
        form.binder.put(path, value)
    form._helper.binder.put("helper_id", helper)
    assert form.save()
    saved = desk.households.by_no("9101")
    assert [each.helper_id for each in desk.team.pairings(saved.id)] == [helper]
    form = _form(opened, household_id="")
    assert form.binder.draft.group == "七组"
    assert form._helper.binder.draft.helper_id == helper
    assert not form.binder.modified


def test_a_draft_is_kept_when_the_cursor_leaves_the_field(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    opened.window.activateWindow()
    form = _form(opened, household_id="")
    form.show_field("no")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is form.binder.row_of("no").editor)
    _type(qtbot, "9102")
    assert kept(desk)[NEW].no == "9102"
    form.binder.load(HouseholdDraft())
