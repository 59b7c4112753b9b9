"""Every rule points at a place that exists; the open form is judged while it is typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytestqt.qtbot import QtBot

from tests.core.checks.test_check_rules import EXAMPLES, found
from tests.gui.windowed import Answers, settle
from ui.app import Program
from ui.exits.case import _TABS as EXIT_TABS
from ui.findings.page import FindingsPage
from ui.households.form import HouseholdForm
from ui.households.hints import HintsBar
from ui.mending import place_of
from ui.money.page import MoneyPage
from ui.pages import PAGES
from ui.team.page import TeamPage
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.policy.checks.run import Finding

WHERE = {  # field a rule points at, where a person is meant after a star → one finding that points there
    ("*" if finding.member_at is not None else "") + finding.field: finding
    for example in EXAMPLES
    if example.at
    for finding in found(example)
}


def _lands(program: Program, finding: Finding, household_id: str) -> bool:
    """Whether mending the finding brings the place to the front where it is mended."""
    at = None if finding.member_at is None else 0
    page, place = place_of(finding.field, household_id if finding.household_id else "", at, finding.record_id)
    assert page in {kind.key for kind in PAGES}, finding.rule
    assert program.window.go(page, **place)
    shown = program.window.frame.page
    field = place.get("field", "")
    if isinstance(shown, HouseholdForm):
        tab = shown.tabs.currentWidget()
        if field.startswith("income."):
            return tab is shown.income
        if field == "members":
            return tab is shown.members
        row = shown.binder.row_of(field)
        return row is not None and tab.isAncestorOf(row)
    if page == "exits":
        return place["tab"] in EXIT_TABS and shown.case.tabs.currentIndex() == EXIT_TABS.index(place["tab"])
    if page == "village":
        return field.partition(".")[2] in shown.figures.lines
    if isinstance(shown, TeamPage):
        tab = shown.tabs.currentWidget()
        return tab is (shown.pairings if finding.field == "pairings" else shown.members) and (
            finding.field != "pairings" or shown.pairings.pair.draft.household_id == household_id
        )
    if isinstance(shown, MoneyPage):
        return shown.tabs.currentWidget() is shown.registers[3 if finding.field == "shares" else 0]
    return page in {"evaluations", "plan", "visits", "monitoring", "notices"}


def test_every_rule_leads_to_a_place_that_exists(
    qtbot: QtBot, opened: Program, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HouseholdForm, "may_leave", lambda _self: True)
    home = desk.lists.household_ids()[0]
    lost = {}
    for where, finding in WHERE.items():
        if not _lands(opened, finding, home):
            lost[where] = finding.rule
    assert not lost
    assert len(WHERE) > 80


def test_a_file_is_judged_while_it_is_typed_and_nothing_is_missing_yet(
    qtbot: QtBot, opened: Program, desk: Desk
) -> None:
    opened.window.go("household", household_id="")
    form = opened.window.frame.page
    assert isinstance(form, HouseholdForm)
    assert not form.findChild(HintsBar).isVisible()
    number = "190101" + "20150320" + "0070"  # whatever the check digit
    form.binder.put("members", (MemberDraft(relation="01", name="王一", sex="2", id_number=number, post_months=20),))
    qtbot.waitUntil(form.findChild(HintsBar).isVisible)
    findings = desk.checks.of_draft(form.binder.draft)
    assert {"A02", "A35"} <= {finding.rule for finding in findings}
    typed = {("id_number"), ("post_months"), ("sex"), ("relation"), ("name")}
    assert {finding.field for finding in findings} <= typed
    at = next(n for n, one in enumerate(findings) if one.field == "post_months")
    form.findChild(HintsBar).mend_wanted.emit(f"members.{findings[at].member_at}.post_months")
    assert form.tabs.currentWidget() is form.members


def test_a_new_file_is_not_held_against_the_papers_of_another(desk: Desk) -> None:
    other = desk.households.all()[0]
    new = replace(other, id="", revision=0, no="77", members=tuple(replace(one, id="") for one in other.members))
    fields = {finding.field.partition(".")[0] for finding in desk.checks.of_draft(new)}
    assert not fields & {"income", "plan", "exit", "monitoring", "visits", "pairings"}
    assert desk.checks.of_draft(HouseholdDraft()) == ()


def test_a_finding_without_a_helper_is_mended_on_the_team_page(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    opened.window.go("findings", rule="H18")
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, FindingsPage)
    finding = page.model.row(0)
    assert finding is not None
    page.table.selectRow(0)
    page._on_mend()
    team = opened.window.frame.page
    assert isinstance(team, TeamPage)
    assert team.pairings.pair.draft.household_id == finding.household_id


def test_the_report_is_saved_as_a_list_of_what_was_found(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    opened.window.go("findings")
    settle(qtbot, opened)
    page = opened.window.frame.page
    assert isinstance(page, FindingsPage)
    answers.path = tmp_path / "findings.xlsx"
    page._on_export()
    settle(qtbot, opened)
    report = desk.checks.run()
    rows = [row for row in load_workbook(answers.path).worksheets[0].iter_rows(values_only=True) if any(row)]
    said = {str(cell) for row in rows for cell in row if cell}
    assert {str(finding.message) for finding in report.findings} <= said
    assert {finding.rule for finding in report.findings} <= said
