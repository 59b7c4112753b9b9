"""Running rules: exemptions, switches, numbers of the pack, blockers, rows for the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.checks.sound import TODAY, context, neighbour, sound, village
from villagedesk.drafts.notice import ExemptionDraft
from villagedesk.errors import Unreadable
from villagedesk.policy.checks.run import check_one, findings_rows, run_checks, step_blockers

SPOILED = sound(son={"sex": "2", "relation": "99"}, mother={"labour": "01"})
EXEMPT = ExemptionDraft(
    rule="A31",
    household_id="h1",
    member_id="mother",
    reason="仍种三亩地",
    granted_by="乙一",
    granted_on=date(2020, 1, 1),
    expires_on=TODAY,
)


def rules_found(*exemptions: ExemptionDraft, **changes: object) -> set[str]:
    return {f.rule for f in run_checks(village(SPOILED), context(**changes), exemptions=exemptions).findings}


def test_an_explained_finding_is_kept_apart():
    report = run_checks(village(SPOILED), context(), exemptions=(EXEMPT,))
    assert [finding.rule for finding in report.exempted] == ["A31"]
    assert {finding.rule for finding in report.findings} == {"A07"}
    assert report.counts == {"E": 1, "S": 0, "R": 0}


@pytest.mark.parametrize(
    "changes",
    [
        {"expires_on": date(2020, 6, 14)},
        {"granted_on": date(2020, 6, 16)},
        {"reason": ""},
        {"granted_by": ""},
        {"member_id": "son"},
        {"member_id": ""},
        {"household_id": "h2"},
        {"rule": "A30"},
    ],
)
def test_an_exemption_that_does_not_hold_counts_for_nothing(changes: dict[str, object]):
    assert "A31" in rules_found(replace(EXEMPT, **changes))


def test_an_exemption_without_end_holds_on():
    assert "A31" not in rules_found(replace(EXEMPT, expires_on=None))


def test_a_pack_changes_numbers_class_and_switch():
    assert "A31" not in rules_found(parameters={"A31": {"age": 73}})
    assert "A31" not in rules_found(parameters={"A31": {"on": False}})
    findings = run_checks(village(SPOILED), context(parameters={"A31": {"class": "R"}})).findings
    assert {finding.class_ for finding in findings if finding.rule == "A31"} == {"R"}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"old": 70}, "rules.A31.old"),
        ({"age": "70"}, "rules.A31.age"),
        ({"age": True}, "rules.A31.age"),
        ({"class": "X"}, "rules.A31.class"),
        ({"on": 1}, "rules.A31.on"),
    ],
)
def test_a_change_the_rule_does_not_know_is_refused_with_its_key(changes: dict[str, object], key: str):
    with pytest.raises(Unreadable) as refusal:
        run_checks(village(SPOILED), context(parameters={"A31": changes}))
    assert key in str(refusal.value)


def test_lists_and_tables_of_a_pack_take_the_place_of_the_shipped_ones():
    ctx = context(parameters={"A54": {"required": ["mandarin"]}, "H12": {"most": {"land_arable": 3}}})
    assert {f.field for f in check_one(sound(), ctx)} == {"mandarin", "land_arable"}


def test_only_the_rules_asked_for_run():
    assert {f.rule for f in run_checks(village(SPOILED), context(), only={"A07", "H01"}).findings} == {"A07"}


def test_a_closed_file_is_left_alone():
    closed = replace(SPOILED, household=replace(SPOILED.household, removed_reason="01"))
    assert run_checks(village(closed), context()).findings == ()


def test_members_who_left_are_left_alone():
    assert "A07" not in {f.rule for f in check_one(sound(son={"sex": "2", "left_on": date(2020, 3, 1)}), context())}


def test_findings_point_at_household_member_and_record():
    twin = neighbour(2, lines={"wage.work": 9_999}, son={"ethnic": ""})
    wages, ethnic = run_checks(village(sound(), twin), context(), only={"I03", "A12"}).findings
    assert (wages.household_id, wages.household_no, wages.record_id, wages.member_at) == ("h2", "0002", "i19", None)
    assert (ethnic.household_no, ethnic.member_id, ethnic.member_at, ethnic.record_id) == ("0002", "son2", 2, "")


def test_only_errors_hold_up_a_step_and_only_the_steps_they_guard():
    file = sound(son={"sex": "2", "relation": "99"}, mother={"labour": "01"}, measures=())
    findings = check_one(replace(file, plans=(replace(file.plans[0], agreed_on=None),)), context())
    assert {f.rule for f in findings} >= {"A07", "A31", "M01"}
    held = [(each.rule, each.field) for each in step_blockers(findings, "exit") if each.hard]
    assert held == [("A07", "members.2.sex")]
    assert step_blockers(findings, "plan") == (), "the guards of the plan's own steps say it"


def test_a_mild_case_of_an_error_holds_up_nothing():
    findings = check_one(sound(wife={"medical_serious": False}), context())
    assert [(f.rule, f.class_) for f in findings] == [("A49", "S")]
    assert [each.hard for each in step_blockers(findings, "report")] == [False]
    assert [f.class_ for f in check_one(sound(wife={"medical_serious": None}), context())] == ["E"]


def test_rows_for_the_command_line():
    rows = findings_rows(check_one(sound(son={"sex": "2", "relation": "99"}), context()))
    assert rows == [
        {
            "rule": "A07",
            "class": "E",
            "household": "0001",
            "member": "甲son",
            "field": "sex",
            "message": "性别与身份证号码不一致，请核对哪一个正确。",
        }
    ]
