"""The list of what waits: a line of every kind opens the record it speaks of, not only its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.core.services.conftest import CHEAP
from tests.factories import VILLAGE, make_household
from tests.gui.windowed import PASSPHRASE, clock_of, settle
from ui.app import Program
from ui.page import Page
from ui.today.worklist import WorkListCard
from villagedesk.demo.village import GeneratedVillage
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.concern import ConcernDraft
from villagedesk.drafts.duty import LeaveDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.drafts.team import TeamMemberDraft, VillageDraft, VisitDraft
from villagedesk.services.worklist import WorkItem
from villagedesk.text import say, tr

YEARS = 1500
"""Days: everything that will ever fall due stands in the list."""


@pytest.fixture
def busy(tmp_path: Path, village: GeneratedVillage) -> Iterator[Desk]:
    """A desk in which something of every kind waits."""
    file = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", profile="shangzhou-2020+post-2021")
    made, _ = create_desk(tmp_path / "busy", PASSPHRASE, file, author="周敏", clock=clock_of(village), cost=CHEAP)
    with made:
        home = made.households.save(make_household(no="1"), "visit").records["household"][0]
        _write(made, home)
        yield made


def _write(desk: Desk, home: str) -> None:
    today, member = desk.site.today(), desk.households.get(home).living[0].id
    ago = today - timedelta(days=10)
    staff = TeamMemberDraft(name="周敏", role="leader", starts_on=today - timedelta(days=500))
    staff_id = desk.team.save_member(staff, "list").records["team_member"][0]
    desk.concerns.register(ConcernDraft(channel="2", topic="04", text="路灯坏了"), None, "came")
    desk.visits.save(VisitDraft(household_id=home, visitor="周敏", visited_on=today, heard="好", promise="修路灯",
                                promise_due=today + timedelta(days=9)), "visit")  # fmt: skip
    clue = MonitoringDraft(
        household_id=home, kind="2", found_on=today, clue_source="hotline", risks=("05",), contact="周敏"
    )
    desk.monitoring.open(clue, "clue")
    wishes = (
        WishDraft(household_id=home, member_id=member, kind="99", asked_on=ago, answer="1", withdrawn_on=today),
        WishDraft(household_id=home, member_id=member, kind="01", asked_on=ago, answer="1", cooling_days=7),
    )
    kinds = {"loan": "finance", "away": "employment", "cow": "industry"}
    measures = {
        key: MeasureDraft(id=key, household_id=home, plan_id="plan", member_id=member, category=category, content=key,
                          state="planned" if key == "wished" else "active", starts_on=ago, accepted=True)
        for key, category in {**kinds, "wished": "employment"}.items()
    }  # fmt: skip
    measures["away"] = replace(measures["away"], wish_kind="01")
    measures["wished"] = replace(measures["wished"], wish_kind="01")
    measures["cow"] = replace(measures["cow"], wish_kind="99")
    measures["loan"] = replace(measures["loan"], due_on=today + timedelta(days=5))
    plan = PlanDraft(id="plan", household_id=home, year=today.year, state="active", agreed_on=ago, agreed_by="x")
    notice = NoticeDraft(id="notice", kind="exit", year=today.year, no="1", state="posted", starts_on=ago,
                         posted_on=ago, ends_on=today + timedelta(days=3))  # fmt: skip
    leave = LeaveDraft(staff_id=staff_id, kind="1", starts_on=ago, ends_on=today - timedelta(days=2))
    with desk.site.store.work("test", "as if it had grown over the year") as work:
        for kind, draft in [
            *(("wish", each) for each in wishes), ("plan", replace(plan, measures=())), ("notice", notice),
            *(("measure", each) for each in measures.values()), ("leave", leave),
            ("objection", ObjectionDraft(notice_id="notice", received_on=ago, text="收入不实", state="registered")),
        ]:  # fmt: skip
            work.put_draft(kind, desk.site.village, draft, new_id=desk.site.store.ids())


def _of_plan(page: Any, place: Mapping[str, Any]) -> bool:
    shown = page.measures.measure
    return page._household.id == place["household_id"] and (
        "measure_id" not in place or (shown is not None and shown.id == place["measure_id"])
    )


SHOWN: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "plan": _of_plan,
    "notices": lambda page, place: page.notice is not None and page.notice.notice.id == place["notice_id"],
    "concerns": lambda page, place: page.table.current_row().concern.id == place["concern_id"],
    "visits": lambda page, place: (
        place.get("visit_id") in (None, page.entry.binder.draft.id)
        and place.get("household_id") in (None, page.entry.binder.draft.household_id)
    ),
    "monitoring": lambda page, place: page.case._row.case.id == place["case_id"],
    "team": lambda page, place: page.days._who.currentData() == place["staff_id"],
    "household": lambda page, place: page.binder.draft.id == place["household_id"],
    "findings": lambda page, place: page._rule.currentData() == place["rule"],
    "privacy": lambda _page, place: not place,
}
"""Page → whether it shows the record of a place."""

ALL = {"visits", "promises", "concerns", "notices", "objections", "monitoring", "loans", "measures", "well", "plans",
       "wishes", "consent", "leave", "terms", "dwellings", "trips", "leaving", "findings"}  # fmt: skip


def test_a_line_of_every_kind_opens_its_record(qtbot: QtBot, program: Program, busy: Desk) -> None:
    program.show_desk(busy)
    settle(qtbot, program)
    lines = {line.kind: line for line in (*busy.worklist.items(YEARS), *busy.worklist.findings())}
    lines["trips"] = lines["leave"]  # of a scheme that counts them: they open the same days
    lines["leaving"] = WorkItem("leaving", busy.site.today(), say("Open"), "privacy")  # of a team that has left
    assert set(lines) == ALL
    for kind, line in lines.items():
        program.window.go("households")
        card = WorkListCard(program.window.frame.page._context)
        qtbot.addWidget(card)
        card._go(line.page, **dict(line.place))
        settle(qtbot, program)
        page = program.window.frame.page
        assert isinstance(page, Page)
        assert program.window.frame.key == line.page, kind
        assert SHOWN[line.page](page, dict(line.place)), (kind, line.place)


def test_more_of_a_kind_unfold_where_they_stand(qtbot: QtBot, program: Program, busy: Desk) -> None:
    for number in range(2, 12):
        busy.households.save(make_household(no=str(number)), "visit")
    program.show_desk(busy)
    program.window.go("today")
    settle(qtbot, program)
    card = program.window.frame.page
    qtbot.waitUntil(lambda: bool(_opens(card)), timeout=20_000)
    more = next(each for each in card.findChildren(QPushButton) if each.text() in {_said(n) for n in range(1, 12)})
    before = len(_opens(card))
    more.click()
    assert len(_opens(card)) > before
    assert not more.isVisibleTo(card)


def test_what_is_overdue_stands_before_everything_else(qtbot: QtBot, program: Program, busy: Desk) -> None:
    program.show_desk(busy)
    program.window.go("today")
    settle(qtbot, program)
    page = program.window.frame.page
    due = page.findChildren(WorkListCard)[-1]
    late = [item for item in due.items if item.when(busy.site.today()) == "overdue"]
    assert late, "nothing overdue: no test"
    qtbot.waitUntil(lambda: bool(_opens(due.late)), timeout=20_000)
    assert str(late[0].text) in [shown.text() for shown in due.late.findChildren(QLabel)]
    first = min(_opens(page), key=lambda made: made.mapTo(page, QPoint(0, 0)).y())
    assert due.late.isAncestorOf(first)
    assert not [made for made in _opens(due) if str(late[0].text) in made.accessibleName()], "told once"


def _said(more: int) -> str:
    return tr("and {n} more of this kind", n=more)


def _opens(card: QWidget) -> list[QPushButton]:
    return [made for made in card.findChildren(QPushButton) if made.text() == tr("Open")]
