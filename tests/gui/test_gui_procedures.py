"""Identification, the yearly adjustment and the exit of the village through the window."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.core.services.test_service_villages import fill
from tests.gui.windowed import Answers
from ui.app import Program
from ui.evaluations.page import EvaluationsPage
from ui.fields.yesno import YesNoField
from ui.notices.page import NoticesPage
from ui.procedures.begin import BeginDialog
from ui.procedures.page import ProceduresPage
from ui.settings.scheme import SchemeDialog
from ui.village_exit.page import VillageExitPage
from villagedesk.desk import Desk
from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.services.following import Ballot


@pytest.fixture
def page(opened: Program) -> ProceduresPage:
    opened.window.go("procedures", procedure="entry")
    shown = opened.window.frame.page
    assert isinstance(shown, ProceduresPage)
    return shown


def test_a_course_begins_and_names_what_bars_its_step(
    qtbot: QtBot, page: ProceduresPage, opened: Program, desk: Desk, answers: Answers
) -> None:
    home = desk.households.all()[0]

    def fill(dialog: BeginDialog) -> bool:
        dialog.who.show_value(home.id)
        return True

    answers.dialog = fill
    assert page._body.currentIndex() == 1
    page._on_begin()
    assert page.steps._step.verb == "survey"
    page.steps.fields["visited_by"].show_value("周敏")
    with qtbot.waitSignal(opened.window.messages.told) as told:
        page.steps._on_take()
    assert told.args[0] == "problem"
    assert page._rows[0].course.state == "applied"


def test_the_yearly_adjustment_shows_its_calendar(page: ProceduresPage, desk: Desk, answers: Answers) -> None:
    page.show_place(procedure="adjustment")
    answers.dialog = lambda dialog: dialog.household == ""
    page._on_begin()
    assert page.steps._step.until == "09-30"
    page.steps._on_take()
    assert page._rows[0].course.state == "trained"
    assert "培训" in page._history.itemAt(0).widget().findChildren(type(page._path))[1].text()


def test_a_removal_is_led_from_the_visit_to_the_meeting_and_the_notice(
    qtbot: QtBot, page: ProceduresPage, opened: Program, desk: Desk, answers: Answers
) -> None:
    home = desk.households.all()[0]
    page.show_place(procedure="removal")

    def choose(dialog: BeginDialog) -> bool:
        dialog.who.show_value(home.id)
        return True

    answers.dialog = choose
    page._on_begin()
    visit = page.steps.fields
    assert {"visited_by", "ground", "note", "heard"} <= visit.keys()
    visit["visited_by"].show_value("周敏、吴刚")
    visit["ground"].show_value("01")
    with qtbot.waitSignal(opened.window.messages.told) as told:
        page.steps._on_take()
    assert told.args[0] == "problem", "the household was not heard"
    visit["heard"].show_value("没有意见")
    page.steps._on_take()
    assert page._rows[0].course.state == "visited"
    assert page.steps.fields.keys() == {"on"}, "the meeting's numbers are the meeting's"
    (blocker,) = page.steps._step.blockers
    page.steps._on_mend(blocker.field)
    assert isinstance(opened.window.frame.page, EvaluationsPage)
    today, course = desk.site.today(), page._rows[0].course.id
    meeting = EvaluationDraft(
        year=page._rows[0].course.year, matter="removal.evaluate", held_on=today, due=30, present=24, place="村部",
        chair="周敏", recorder="吴刚",
    )  # fmt: skip
    desk.evaluations.record(meeting, {course: Ballot.counted(meeting, 20, 4)}, "met")
    opened.window.go("procedures", procedure="removal")
    assert page._rows[0].course.state == "evaluated"
    assert "notice_from" not in page.steps.fields, "the days are those of the notice"
    (blocker,) = page.steps._step.blockers
    page.steps._on_mend(blocker.field)
    assert isinstance(opened.window.frame.page, NoticesPage)


def test_the_village_exits_by_figures_with_their_source(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers
) -> None:
    opened.window.go("village-exit")
    page = opened.window.frame.page
    assert isinstance(page, VillageExitPage)
    for editor in page._figures.values():
        editor.show_value(True if isinstance(editor, YesNoField) else 25_000_000)
    with qtbot.waitSignal(opened.window.messages.told) as told:
        page._on_save()
    assert told.args[0] == "problem"
    assert desk.villages.all() == ()
    for source in page._sources.values():
        source.show_value("村账")
    page._on_save()
    (row,) = desk.villages.all()
    assert {one.result for one in row.assessments} == {"met"}
    fill(desk, row.case.year)
    page.show_place()
    page.steps._on_take()
    assert page.case.case.state == "applied"
    assert not page._save.isEnabled()
    for verb in ("examine", "review"):
        assert page.steps._step.verb == verb
        page.steps._on_take()
    assert "notice_from" not in page.steps.fields, "the days are those of the notice"
    assert [blocker.key for blocker in page.steps._step.blockers] == ["notice_hangs"]
    page.steps._on_mend("notice_id")
    notices = opened.window.frame.page
    assert isinstance(notices, NoticesPage)
    assert notices.notice.notice.case_ids == (row.case.id,)
    hang(desk, notices.notice.notice.id)
    opened.window.go("village-exit")
    assert page.case.case.state == "posted"
    assert [blocker.key for blocker in page.steps._step.blockers] == ["approval", "notice_period"]


def hang(desk: Desk, notice: str) -> None:
    today = desk.site.today()
    desk.notices.plan_days(notice, today, "days")
    desk.papers.print("village_exit_notice", [notice], "for the board")
    desk.notices.post(notice, today, "镇政务公开栏", "张办", "hung")


def test_the_township_edits_its_own_way_of_signing(opened: Program, desk: Desk, answers: Answers) -> None:
    opened.window.go("settings", field="policy")
    tab = opened.window.frame.page.policy
    seen: list[SchemeDialog] = []

    def edit(dialog: SchemeDialog) -> bool:
        seen.append(dialog)
        assert not dialog._fix.isEnabled()  # it has no name yet
        dialog.title.edited.emit("四签字")
        dialog._on_out("signers", 2)
        assert not dialog._fix.isEnabled()  # one item too many for a diagonal
        dialog._on_out("items", 2)
        dialog._on_up("signers", 3)
        return bool(dialog._fix.isEnabled())

    answers.dialog = edit
    tab._on_edit()
    (text,) = desk.village.own_schemes
    assert '"title":"四签字"' in text
    assert [signer.key for signer in seen[0].draft.signers] == ["household", "helper", "team", "village"]
    assert desk.village.scheme == "own1"
