"""Monitoring through the window: a clue, its timers, the steps with what they ask for, what bars them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.core.services.conftest import CHEAP
from tests.factories import VILLAGE, make_household
from tests.gui.windowed import PASSPHRASE, Answers, clock_of
from ui.app import Program
from ui.monitoring.clue import ClueDialog
from ui.monitoring.page import MonitoringPage
from villagedesk.demo.village import GeneratedVillage
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.team import VillageDraft


@pytest.fixture
def watching(tmp_path: Path, village: GeneratedVillage) -> Iterator[Desk]:
    file = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", profile="jiangsu-2018+post-2021")
    made, _ = create_desk(tmp_path / "watch", PASSPHRASE, file, author="周敏", clock=clock_of(village), cost=CHEAP)
    with made:
        made.households.save(make_household(no="1"), "visit")
        yield made


@pytest.fixture
def page(program: Program, watching: Desk) -> MonitoringPage:
    program.show_desk(watching)
    program.window.go("monitoring")
    shown = program.window.frame.page
    assert isinstance(shown, MonitoringPage)
    return shown


def _clue(page: MonitoringPage, answers: Answers, desk: Desk, days: int = 0) -> None:
    def fill(dialog: ClueDialog) -> bool:
        dialog.household.show_value(desk.households.all()[0].id)
        dialog.source.show_value("hotline")
        dialog.found_on.show_value(desk.site.today() - timedelta(days=days))
        dialog.kind.show_value("2")
        dialog.risks._boxes["05"].click()
        dialog.contact.show_value("周敏")
        return True

    answers.dialog = fill
    page._on_clue()


def test_a_clue_starts_the_days(page: MonitoringPage, watching: Desk, answers: Answers) -> None:
    assert page._body.currentIndex() == 1
    _clue(page, answers, watching, days=16)
    (row,) = page._rows
    assert (row.case.clue_source, row.case.risks, row.days_since_found) == ("hotline", ("05",), 16)
    assert [timer.kind for timer in page._timers[row.case.id]] == ["visit", "recognition"]
    assert all(timer.late for timer in page._timers[row.case.id])


def test_an_incomplete_clue_is_refused(qtbot: QtBot, page: MonitoringPage, answers: Answers, program: Program) -> None:
    answers.dialog = lambda _: True
    with qtbot.waitSignal(program.window.messages.told) as told:
        page._on_clue()
    assert told.args[0] == "problem"
    assert page._rows == ()


def test_steps_ask_for_what_the_pack_says(page: MonitoringPage, watching: Desk, answers: Answers) -> None:
    _clue(page, answers, watching)
    form = page.case.steps
    for verb in ("visit", "apply", "compare"):
        assert list(form.fields) == ["on"]
        assert form._step.verb == verb
        form._on_take()
    assert form._step.verb == "evaluate"
    for name, value in (("due", 30), ("present", 24), ("agree", 22), ("against", 2)):
        form.fields[name].show_value(value)
    form._on_take()
    assert form._step.verb == "post"
    first = watching.site.today()
    assert form.fields["notice_until"].value() == first + timedelta(days=4)
    form.fields["notice_from"].edited.emit(first + timedelta(days=1))
    assert form.fields["notice_until"].value() == first + timedelta(days=5)
    form._on_take()
    case = page._rows[0].case
    assert (case.state, case.votes_for, case.held_on) == ("posted", 22, first)
    assert [blocker.key for blocker in form._step.blockers] == ["notice_period"]


def test_a_meeting_without_quorum_is_refused_with_the_reason(
    qtbot: QtBot, page: MonitoringPage, watching: Desk, answers: Answers, program: Program
) -> None:
    _clue(page, answers, watching)
    for _ in range(3):
        page.case.steps._on_take()
    for name, value in (("due", 30), ("present", 19), ("agree", 19)):
        page.case.steps.fields[name].show_value(value)
    with qtbot.waitSignal(program.window.messages.told) as told:
        page.case.steps._on_take()
    assert told.args[0] == "problem"
    assert page._rows[0].case.state == "compared"


def test_a_policy_without_monitoring_says_so(opened: Program, desk: Desk) -> None:
    opened.window.go("monitoring")
    page = opened.window.frame.page
    assert page._body.currentIndex() == 2
    assert not page._clue.isVisible()
