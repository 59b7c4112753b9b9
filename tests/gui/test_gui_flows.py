"""The main job through the window: import and take back, exit with blockers and signatures, notice, exchange."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QButtonGroup, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.windowed import PASSPHRASE, Answers, clock_of, settle
from ui.app import Program
from ui.exchange.conflicts import ConflictsPage
from ui.exchange.page import ExchangePage
from ui.exits.page import ExitsPage
from ui.findings.exemption import ExemptionDialog
from ui.findings.page import FindingsPage
from ui.households.form import HouseholdForm
from ui.imports.page import ImportPage
from ui.notices.page import NoticesPage
from ui.papers.page import PapersPage
from ui.plans.form import PlanForm
from ui.settings.page import SettingsPage
from villagedesk.desk import Desk
from villagedesk.hub import create_hub
from villagedesk.text import say


def _page(program: Program, key: str, type_: type, **place: object):
    program.window.go(key, **place)
    page = program.window.frame.page
    assert isinstance(page, type_)
    return page


def test_a_roster_comes_in_and_is_taken_back(
    qtbot: QtBot, program: Program, prepared: Path, tmp_path: Path, village
) -> None:
    from villagedesk.desk import create_desk

    desk, _ = create_desk(tmp_path / "new", PASSPHRASE, village.file, author="李工", clock=clock_of(village))
    with desk:
        program.show_desk(desk)
        page = _page(program, "import", ImportPage, file=prepared / "roster.xlsx")
        settle(qtbot, program)
        assert page.changes.rowCount() == len(village.households)
        assert desk.lists.count() == 0
        page._accept.click()
        settle(qtbot, program)
        assert desk.lists.count() == len(village.households)
        assert program.window.frame.key == "households"
        program.window._bar._act.click()
        assert desk.lists.count() == 0


def test_a_file_that_is_no_roster_changes_nothing(qtbot: QtBot, opened: Program, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "letter.xlsx"
    file.write_bytes(b"no workbook")
    page = _page(opened, "import", ImportPage)
    with qtbot.waitSignal(opened.window.messages.told) as told:
        page.read(file)
        settle(qtbot, opened)
    assert told.args[0] == "problem"
    assert page._body.currentIndex() == 0


def test_the_mend_button_opens_the_field(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    page = _page(opened, "exits", ExitsPage)
    row = next(r for r in page._rows if any(one.result != "met" for one in r.assessments))
    page.table.selectRow(page._rows.index(row))
    mend = next(b for b in page.case.findChildren(QPushButton) if b.accessibleName().startswith("去修改"))
    mend.click()
    form = opened.window.frame.page
    assert isinstance(form, HouseholdForm)
    assert form.binder.draft.id == row.household.id


def test_barred_steps_cannot_be_pressed_and_say_why(opened: Program, desk: Desk) -> None:
    page = _page(opened, "exits", ExitsPage)
    case = page._rows[0].case
    desk.exits.take([case.id], "list", "list")
    page._ask()
    page.table.selectRow(0)
    buttons = {b.property("verb"): b for b in page.case._steps.findChildren(QPushButton)}
    assert not buttons["verify"].isEnabled()
    assert buttons["verify"].toolTip().count("\n") >= 1


def test_a_check_an_answer_and_signatures_are_recorded(opened: Program, desk: Desk, village) -> None:
    page = _page(opened, "exits", ExitsPage)
    page.table.selectRow(0)
    case_id = page._rows[0].case.id
    records, tab = page.case.records, page.case.signatures
    records._checked_on.show_value(village.today)
    records._checked_by.show_value("李工、王工")
    next(iter(records._results.values()))[0].show_value("met")
    records._on_check()
    records._answer.show_value("agrees")
    records._answered_on.show_value(village.today)
    records._on_answer()
    for signer in tab._signers.values():
        signer.person.show_value("张三")
        signer.signed_on.show_value(village.today)
    tab.save_wanted.emit()
    case = desk.exits.get(case_id)
    assert (case.verified_by, case.household_answer) == ("李工、王工", "agrees")
    assert len(case.checks) == 1
    assert {mark.role for mark in case.signatures} == set(desk.exits.scheme.preset.roles)


def test_the_meeting_is_recorded_for_all_at_once(opened: Program, desk: Desk, answers: Answers, village) -> None:
    page = _page(opened, "exits", ExitsPage)

    def fill(dialog) -> bool:
        for name, value in {"held_on": village.today, "due": 30, "present": 24, "chair": "张三"}.items():
            dialog._binder.put(name, value)
        for lines in dialog._votes.values():
            lines["agree"].show_value(20)
            lines["against"].show_value(2)
            lines["abstain"].show_value(1)
            lines["recused"].show_value("王五")
        return True

    answers.dialog = fill
    page._on_meeting()
    cases = [row.case for row in desk.exits.of_year(village.today.year)]
    assert {(case.votes_for, case.votes_against, case.recused) for case in cases} == {(20, 2, "王五")}
    assert all(case.evaluated_on == village.today for case in cases)


def test_a_notice_is_seen_printed_posted_and_closed(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path, village
) -> None:
    page = _page(opened, "notices", NoticesPage)
    settle(qtbot, opened)
    notice = page.notice.notice
    assert page.view.area.count >= 1
    assert page._said.text() == ""
    answers.path = tmp_path / "notice.pdf"
    page.view.save_wanted.emit()
    settle(qtbot, opened)
    assert answers.path.read_bytes() == page.view.pdf
    assert desk.notices.get(notice.id).digest
    desk.site.store.clock.to(village.today + timedelta(days=1))
    page.steps._place.show_value("村务公开栏")
    page.steps._by.show_value("李工")
    page.steps._on_post()
    assert desk.notices.get(notice.id).state == "posted"
    page.objections._text.show_value("人口数不对")
    page.objections._case.show_value(notice.case_ids[0])
    page.objections._on_register()
    (objection,) = desk.notices.objections(notice.id)
    assert (objection.text, objection.case_id) == ("人口数不对", notice.case_ids[0])
    page.objections._by.show_value("周敏、吴刚")
    page.objections._found.show_value("两人入户核对，户口簿上是三人。")
    page.objections._opinion.show_value("人口数无误，已当面说明。")
    settle_button = next(b for b in page.objections.findChildren(QPushButton) if b.property("objection"))
    settle_button.click()
    assert desk.notices.objections(notice.id)[0].closed_on
    desk.site.store.clock.to(desk.notices.get(notice.id).ends_on + timedelta(days=1))
    page._ask()
    page.steps._on_close()
    assert desk.notices.get(notice.id).state == "resulted"
    page.steps._further["file"].click()
    assert desk.notices.get(notice.id).state == "filed"


def test_a_notice_is_withdrawn_only_with_a_reason(opened: Program, desk: Desk, answers: Answers) -> None:
    page = _page(opened, "notices", NoticesPage)
    notice_id = page.notice.notice.id
    answers.line = ""
    page.steps._further["withdraw"].click()
    assert desk.notices.get(notice_id).state == "draft"
    answers.line = "名单有误"
    page.steps._further["withdraw"].click()
    assert desk.notices.get(notice_id).state == "withdrawn"


def test_a_paper_that_would_leak_is_not_shown(qtbot: QtBot, opened: Program, desk: Desk) -> None:
    row = desk.notices.all()[0]
    household = desk.households.get(next(iter(desk.notices.households(row.notice.id).values())).id)
    number = household.head.id_number
    members = tuple(replace(m, name=number[:4] + number) if m is household.head else m for m in household.members)
    desk.households.save(replace(household, members=members), "typing error")
    page = _page(opened, "notices", NoticesPage)
    settle(qtbot, opened)
    assert page.view.area.count == 0
    assert page._said.text()
    assert page.steps._checked.text() == "不得张贴"
    assert number not in page._said.text()


@pytest.mark.parametrize("kind", ["household_file", "income_sheet", "signoff_sheet", "blank_household_form"])
def test_papers_are_previewed(qtbot: QtBot, opened: Program, desk: Desk, kind: str, village) -> None:
    page = _page(opened, "papers", PapersPage, kind=kind, year=village.today.year)
    settle(qtbot, opened)
    assert page.view.area.count >= 1


def test_a_finding_leads_to_its_field_and_can_be_accepted(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers
) -> None:
    page = _page(opened, "findings", FindingsPage)
    settle(qtbot, opened)
    before = page.model.rowCount()
    assert before

    def accept(dialog: ExemptionDialog) -> bool:
        dialog._on_accept()
        assert not dialog.result()  # without a reason it does not close
        dialog.reason.show_value("已核实")
        dialog._on_accept()
        return bool(dialog.result())

    answers.dialog = accept
    page.table.selectRow(0)
    page._on_exempt()
    settle(qtbot, opened)
    assert page.model.rowCount() < before
    (accepted,) = desk.checks.exemptions()
    assert (accepted.reason, accepted.expires_on) == ("已核实", desk.site.today().replace(month=12, day=31))
    page._class.setCurrentIndex(page._class.findData("accepted"))
    page._show()
    assert page.model.rowCount() >= 1
    answers.line = "情况变了"
    page.table.selectRow(0)
    page._on_reopen()
    settle(qtbot, opened)
    page._class.setCurrentIndex(0)
    page._group.setCurrentIndex(1)
    page._show()
    assert page.model.rowCount() == before
    numbers = [row.household_no for n in range(before) if (row := page.model.row(n))]
    assert numbers == sorted(numbers)
    page.table.selectRow(0)
    page._on_mend()
    assert opened.window.frame.key != "findings"


def test_wish_plan_and_measure(opened: Program, desk: Desk, answers: Answers, village) -> None:
    household = desk.households.get(desk.lists.household_ids()[0])
    page = _page(opened, "plan", PlanForm, household_id=household.id)
    wishes = page.wishes.binder
    for name, value in {
        "member_id": household.head.id, "kind": "99", "answer": "1", "asked_on": village.today, "asked_by": "李工",
        "own_words": "愿意",
    }.items():  # fmt: skip
        wishes.put(name, value)
    page.wishes._on_save()
    assert len(desk.wishes.of_household(household.id)) == 1
    page.binder.put("goals", "收入稳定")
    page.measures._on_add()
    category = next(key for key, one in desk.profile.measures.items() if one.for_household)
    for name, value in {"category": category, "content": "发放种苗", "responsible": "李工", "amount": 50_000}.items():
        page.binder.put(f"measures.0.{name}", value)
    assert page.save()
    (plan,) = desk.plans.of_household(household.id)
    assert plan.measures[0].content == "发放种苗"
    assert opened.window.frame.may_close()


def test_sending_receiving_and_deciding(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path, village
) -> None:
    hub, _ = create_hub(
        tmp_path / "hub", PASSPHRASE, "界集镇", desk.site.village[:9], author="乡镇", clock=clock_of(village)
    )
    stick = tmp_path / "stick"
    stick.mkdir()
    with hub:
        answers.line, answers.path = "书记的电脑", stick
        page = _page(opened, "exchange", ExchangePage, invite=hub.township.invite(desk.site.village, stick))
        assert desk.sync.status().joined
        page._on_send(False)
        settle(qtbot, opened)
        (sent,) = stick.glob("*.vdsend")
        assert hub.township.receive([sent])[0].status == "accepted"
        household_id = desk.lists.household_ids()[0]
        hub.acts.act(desk.site.village, "household.save", "call", "household", household_id, {"address": "甲"})
        desk.households.save(replace(desk.households.get(household_id), address="乙"), "visit")
        reply = hub.township.reply(stick)[0].path
        opened.jobs.store(say("Reading the file"), lambda step: desk.sync.receive(reply, step=step), page._on_received)
        settle(qtbot, opened)
        assert page.verdicts.rowCount() == 1
        conflicts = _page(opened, "conflicts", ConflictsPage)
        assert len(desk.sync.conflicts()) == 1
        (group,) = conflicts.findChildren(QButtonGroup)
        group.button(0).setChecked(True)
        next(b for b in conflicts.findChildren(QPushButton) if b.text() == "以此为准").click()
        assert desk.sync.conflicts() == ()


def test_the_township_fixes_the_way_of_signing(opened: Program, desk: Desk, answers: Answers) -> None:
    page = _page(opened, "settings", SettingsPage, field="policy")
    keys = list(desk.profile.signoff.presets)
    page.policy._choices.button(keys.index("B")).setChecked(True)
    answers.yes = True
    page.policy._on_fix()
    assert desk.team.village().scheme == "B"


def test_a_step_is_taken_for_all_cases_it_is_open_for(opened: Program, desk: Desk, answers: Answers, village) -> None:
    page = _page(opened, "exits", ExitsPage)
    answers.yes = True
    (listing,) = [action for action in page._menu.actions() if "5" in action.text()]
    listing.trigger()
    assert {row.case.state for row in desk.exits.of_year(village.today.year)} == {"listed"}
    assert not any("5" in action.text() for action in page._menu.actions())


def test_a_barred_step_is_never_offered_for_all(opened: Program, desk: Desk) -> None:
    page = _page(opened, "exits", ExitsPage)
    desk.exits.take([row.case.id for row in page._rows], "list", "list")
    page._ask()
    barred = sum(not any(step.verb == "verify" and step.open for step in row.steps) for row in page._rows)
    assert barred
    assert not any(f"{len(page._rows)}" in action.text() for action in page._menu.actions())


def test_a_case_goes_back_only_with_a_reason(opened: Program, desk: Desk, answers: Answers) -> None:
    page = _page(opened, "exits", ExitsPage)
    page.table.selectRow(0)
    case_id = page._rows[0].case.id
    answers.line = ""
    page.case._on_step("return")
    assert desk.exits.get(case_id).state == "planned"
    answers.line = "住房还在修"
    page.case._on_step("return")
    assert desk.exits.get(case_id).returned_reason == "住房还在修"


def test_an_earlier_attempt_is_shown_only_when_asked_for(opened: Program, desk: Desk, village) -> None:
    page = _page(opened, "exits", ExitsPage)
    row = page._rows[0]
    desk.exits.take([row.case.id], "return", "too early")
    desk.exits.propose(village.today.year, [row.household.id], "again")
    page._ask()
    assert page.model.rowCount() == 5
    page._earlier.setChecked(True)
    assert page.model.rowCount() == 6
