"""What must not pass does not pass in the window either: each attack on an exit once, with the reason on the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.factories import make_child
from tests.gui.windowed import Answers
from ui.app import Program
from ui.exits.page import ExitsPage
from ui.exits.taking import open_steps
from ui.notices.page import NoticesPage
from villagedesk.demo.play import DemoClock
from villagedesk.desk import Desk
from villagedesk.drafts.exit import SignatureDraft
from villagedesk.drafts.notice import ExemptionDraft, ObjectionDraft
from villagedesk.services.site import CHINA


@dataclass
class Workbench:
    """Three households whose notice hangs since today, and the page on which somebody works."""

    program: Program
    desk: Desk
    answers: Answers
    qtbot: QtBot

    @property
    def page(self) -> ExitsPage:
        page = self.program.window.frame.page
        assert isinstance(page, ExitsPage)
        return page

    @property
    def cases(self) -> tuple[str, ...]:
        return self.desk.notices.all()[0].notice.case_ids

    @property
    def ends(self) -> date:
        day = self.desk.notices.all()[0].notice.ends_on
        assert day is not None
        return day

    def to(self, day: date) -> None:
        clock = self.desk.site.store.clock
        assert isinstance(clock, DemoClock)
        clock.now = datetime.combine(day, time(9), CHINA)

    def put(self, kind: str, record: str, **values: Any) -> None:
        with self.desk.site.store.work("test", "from elsewhere") as work:
            work.put(kind, self.desk.site.village, values, record)

    def look(self, case: str) -> None:
        """Open the workbench on a case."""
        home = self.desk.exits.get(case).household_id
        self.program.window.go("today")
        assert self.program.window.go("exits", household_id=home)

    def button(self, verb: str) -> QPushButton:
        found = [each for each in self.page.case.findChildren(QPushButton) if each.property("verb") == verb]
        return found[-1]

    def barred(self, case: str, verb: str, *said: str) -> None:
        """The step cannot be pressed, and its tip names what is in the way."""
        self.look(case)
        button = self.button(verb)
        assert not button.isEnabled()
        for words in said:
            assert words in button.toolTip()

    def step(self, verb: str, on: date | None = None) -> tuple[str, str]:
        """Press a step; what the bar below says, and in which tone."""

        def fill(dialog: Any) -> bool:
            if on is not None:
                dialog.fields["on"].show_value(on)
            return True

        self.answers.dialog = fill
        with self.qtbot.waitSignal(self.program.window.messages.told) as told:
            self.page.case._on_step(verb)
        return told.args[0], self.program.window._bar.text


@pytest.fixture
def bench(qtbot: QtBot, opened: Program, desk: Desk, answers: Answers) -> Workbench:
    made = Workbench(opened, desk, answers, qtbot)
    (notice,) = desk.notices.all()
    today = desk.site.today()
    desk.notices.plan_days(notice.notice.id, today, "days")
    desk.papers.print("exit_notice", [notice.notice.id], "for the board")
    desk.notices.post(notice.notice.id, today, "村务公开栏", "张平", "hung")
    for case in made.cases:
        marks = [
            SignatureDraft(role=cell.role.key, item=cell.item.key, person=f"人{cell.role.key}", signed_on=today,
                           mark=cell.role.marks[0])
            for cell in desk.exits.scheme.cells
        ]  # fmt: skip
        desk.exits.sign(case, marks, "signing day")
        made.put("exit", case, state="posted")
        for rule in {each.rule for each in desk.exits.row(case).blockers if each.rule and each.hard}:
            home = desk.exits.get(case).household_id
            note = ExemptionDraft(rule=rule, household_id=home, reason="已核实", granted_by="张平")
            desk.checks.exempt(note, "looked into")
            for member in desk.households.get(home).members:
                desk.checks.exempt(replace(note, member_id=member.id), "looked into")
    return made


def test_a_notice_that_hangs_holds_the_report(bench: Workbench) -> None:
    bench.barred(bench.cases[0], "report", str(bench.ends))
    bench.to(bench.ends)
    bench.barred(bench.cases[0], "report", str(bench.ends))
    bench.to(bench.ends + timedelta(days=1))
    bench.look(bench.cases[0])
    assert bench.button("report").isEnabled()


def test_a_day_ahead_and_a_day_before_the_notice_was_over_are_refused(bench: Workbench) -> None:
    bench.to(bench.ends + timedelta(days=3))
    bench.look(bench.cases[0])
    for wrong in (bench.ends + timedelta(days=4), bench.ends):
        tone, said = bench.step("report", wrong)
        assert tone == "problem"
        assert said
        assert bench.desk.exits.get(bench.cases[0]).state == "posted"
    bench.step("report", bench.ends + timedelta(days=2))
    assert bench.desk.exits.get(bench.cases[0]).state == "reported"


def test_who_is_objected_to_and_whose_members_changed_stay_and_the_third_goes_on(bench: Workbench) -> None:
    first, second, third = bench.cases
    notice = bench.desk.notices.all()[0].notice.id
    bench.desk.objections.register(ObjectionDraft(notice_id=notice, case_id=first, text="收入不实"), "told")
    home = bench.desk.households.get(bench.desk.exits.get(second).household_id)
    child = replace(make_child(name="新生"), person_no="", id_number="")
    bench.desk.households.save(replace(home, members=(*home.members, child)), "born")
    bench.to(bench.ends + timedelta(days=1))
    bench.barred(first, "report", "异议")
    bench.barred(second, "report", "成员")
    (step, rows), *_ = [each for each in open_now(bench) if each[0].verb == "report"]
    assert [row.case.id for row in rows] == [third]
    bench.answers.yes = True
    bench.answers.dialog = lambda dialog: True
    bench.page._on_together(step, rows)
    assert [bench.desk.exits.get(case).state for case in bench.cases] == ["posted", "posted", "reported"]


def open_now(bench: Workbench) -> list[Any]:
    return list(open_steps(bench.page._rows, bench.page._context).values())


def test_one_hand_in_two_roles_is_named(bench: Workbench) -> None:
    case = bench.cases[0]
    roles = {cell.role.level: cell for cell in bench.desk.exits.scheme.cells}
    again = [
        SignatureDraft(role=roles[level].role.key, item=roles[level].item.key, person="周敏",
                       signed_on=bench.desk.site.today(), mark="signature")
        for level in ("group", "village")
    ]  # fmt: skip
    bench.desk.exits.sign(case, again, "signing day")
    bench.put("exit", case, state="acknowledged")
    bench.barred(case, "sign", "周敏")


def test_a_clock_set_back_is_told_and_moves_nothing(bench: Workbench) -> None:
    today = bench.desk.site.today()
    bench.to(today + timedelta(days=40))
    bench.desk.households.save(replace(bench.desk.households.all()[0], note="looked in"), "a later day was seen")
    bench.to(today)
    bench.look(bench.cases[0])
    assert bench.page._clock.isVisible()
    bench.put("exit", bench.cases[0], state="planned")
    bench.look(bench.cases[0])
    tone, _ = bench.step("list")
    assert tone == "problem"
    assert bench.desk.exits.get(bench.cases[0]).state == "planned"
    bench.answers.line = "那天的钟走快了"
    bench.page._clock._on_vouch()
    assert not bench.page._clock.isVisible()
    assert bench.step("list")[0] == "ok"


def test_the_steps_of_a_notice_are_taken_at_the_notice(bench: Workbench) -> None:
    bench.look(bench.cases[0])
    assert "unpost" not in {step.verb for step, _ in open_now(bench)}
    bench.page.case._on_step("unpost")
    assert bench.desk.exits.get(bench.cases[0]).state == "posted"
    page = bench.program.window.frame.page
    assert isinstance(page, NoticesPage)
