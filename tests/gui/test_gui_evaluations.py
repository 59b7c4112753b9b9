"""The villagers' meetings through the window; the place where each refusal is mended; a clock that was set back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.windowed import Answers
from ui.app import Program
from ui.evaluations.call import CallDialog
from ui.evaluations.page import EvaluationsPage
from ui.exits.meeting import MeetingDialog
from ui.exits.page import ExitsPage
from ui.households.form import HouseholdForm
from ui.mending import place_of
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.policy.criteria import assess
from villagedesk.policy.profile import load_profile, profiles

POLICY = Path(__file__).parents[2] / "villagedesk/policy"
GATES = ("blockers", "chain", "notices", *(path.stem for path in POLICY.glob("*_gates.py")))
OF_FORMS = {  # asked by the very form that shows the refusal
    "agreed_on", "effect", "found", "opinion", "upheld", "answered_on", "handler", "reported_to", "no", "livelihood",
    "visited_by", "approval", "recorder", "signed_on", "subject_ids", "ground", "heard",
    "investigated_by",
}  # fmt: skip


def fields_named() -> set[str]:
    """Every field that a blocker names."""
    texts = "\n".join((POLICY / f"{name}.py").read_text("utf-8") for name in GATES)
    return set(re.findall(r"""yield [^\n]*?"([a-z_.]+)", (?:say|_SIGN_AGAIN)""", texts)) | set(
        re.findall(r"""^\s+"([a-z_.]+)",\n\s+say\(""", texts, re.MULTILINE)
    )


@pytest.fixture
def verified(desk: Desk) -> list[str]:
    """Cases that stand before the meeting."""
    year = desk.site.today().year
    cases = [row.case.id for row in desk.exits.of_year(year)]
    for case in cases:
        with desk.site.store.work("test", "test") as work:
            work.put("exit", desk.site.village, {"state": "verified"}, case)
    return cases


def test_a_meeting_is_called_held_voted_and_its_minutes_signed(
    opened: Program, desk: Desk, answers: Answers, verified: list[str]
) -> None:
    opened.window.go("evaluations")
    page = opened.window.frame.page
    assert isinstance(page, EvaluationsPage)
    assert page._body.currentIndex() == 1

    def call(dialog: CallDialog) -> bool:
        assert set(dialog.boxes) == set(verified)
        dialog.boxes[verified[-1]].setChecked(False)
        return True

    answers.dialog = call
    page._on_call()
    assert set(page.meeting.meeting.subject_ids) == set(verified[:-1])
    form = page.steps
    assert form._step.verb == "hold"
    for name, value in {"place": "村部", "chair": "张平", "recorder": "李静", "due": 30, "present": 24}.items():
        form.fields[name].show_value(value)
    form._on_take()
    assert form._step.verb == "vote"

    def vote(dialog: MeetingDialog) -> bool:
        dialog.show()
        first = next(iter(dialog._votes.values()))
        first["agree"].setFocus()
        QTest.keyClick(first["agree"], Qt.Key.Key_Return)
        assert dialog.focusWidget() is first["against"]
        dialog.hide()
        for lines in dialog._votes.values():
            lines["agree"].show_value(23)
            lines["recused"].show_value("王五")
        return True

    answers.dialog = vote
    form._on_take()
    states = {case: desk.exits.get(case).state for case in verified}
    assert {states[case] for case in verified[:-1]} == {"evaluated"}
    assert states[verified[-1]] == "verified"
    assert form._step.verb == "minute"
    form._on_take()
    assert (page.meeting.meeting.state, page.meeting.meeting.signed_on) == ("minuted", desk.site.today())


def fields_of_criteria() -> set[str]:
    """Where each unmet criterion of each profile is mended, of a file with nothing in it."""
    empty = HouseholdDraft(members=(MemberDraft(birth=date(2010, 5, 1)),))
    packs = [load_profile(row.id) for row in profiles() if not row.overlay]
    found = [one for pack in packs for one in assess(pack, empty, None, 2019, date(2019, 11, 1), province="32")]
    assert all(one.mend for one in found if one.result != "met")
    return {one.mend for one in found if one.result != "met"}


def test_every_refusal_names_a_field_that_has_its_place_in_the_window(opened: Program, desk: Desk) -> None:
    household = desk.households.all()[0].id
    lost = []
    for field in sorted((fields_named() | fields_of_criteria()) - OF_FORMS):
        key, place = place_of(field, household)
        assert opened.window.go(key, **place)
        page = opened.window.frame.page
        in_tab = field.partition(".")[0] in {"income", "members"}
        if isinstance(page, HouseholdForm) and not in_tab and page.binder.row_of(field) is None:
            lost.append(field)
    assert lost == []


def test_the_fields_of_the_blockers_were_found() -> None:
    assert {"signatures.signed_on", "income.lines", "posted_on", "evaluated_on", "members"} <= fields_named()


def test_one_click_from_a_blocker_to_the_tab_where_it_is_mended(opened: Program) -> None:
    opened.window.go("exits")
    page = opened.window.frame.page
    assert isinstance(page, ExitsPage)
    page.table.selectRow(0)
    page.case._on_mend("signatures.signed_on")
    assert page.case.tabs.currentIndex() == 3
    page.case._on_mend("household_answer")
    assert page.case.tabs.currentIndex() == 2
    page.case._on_mend("posted_on")
    assert opened.window.frame.key == "notices"


def test_a_clock_set_back_is_said_above_the_pages_that_count_days(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers
) -> None:
    clock = desk.site.store.clock
    home = desk.households.all()[0]
    desk.households.save(home, "a day of work")
    clock.now -= timedelta(days=40)
    for key in ("exits", "procedures", "evaluations"):
        opened.window.go(key)
        bar = opened.window.frame.page._clock
        assert bar.isVisible()
        assert str((clock() + timedelta(days=40)).date()) in bar._said.text()
    answers.line = ""
    bar._on_vouch()
    assert bar.isVisible()
    answers.line = "前些日子电脑日期调错了"
    bar._on_vouch()
    assert not bar.isVisible()
    assert desk.clock.problem() is None
