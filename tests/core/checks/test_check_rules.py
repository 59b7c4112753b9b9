"""Every rule finds what it must, where it must, and lets the nearest sound case pass."""

from __future__ import annotations

import inspect
import re

import pytest

from tests.core.checks.examples import Example
from tests.core.checks.examples_household import HOUSEHOLD, INCOME
from tests.core.checks.examples_monitoring import CASES
from tests.core.checks.examples_person import PERSON
from tests.core.checks.examples_procedure import EXITS, MONITORING, PLAN
from tests.core.checks.examples_village import VILLAGE
from tests.core.checks.sound import context, neighbour, sound, village
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.checks.file import HouseholdFile
from villagedesk.policy.checks.functions import functions
from villagedesk.policy.checks.run import Finding, check_one, run_checks
from villagedesk.policy.codes import load_codes

EXAMPLES = (*PERSON, *HOUSEHOLD, *INCOME, *PLAN, *MONITORING, *CASES, *EXITS, *VILLAGE)
RULES = shipped_catalogue().rules
LAST = {"A": 55, "H": 28, "I": 18, "M": 15, "K": 14, "X": 12, "V": 19}
OURS = {"H29", "H30", "I19", "M16", "M17"}  # asked for by SZ-2.3.1, GZ-6.4, N-4.4, §8.5, JS-3.2.1; §7 numbers none
ID_NUMBER = re.compile(r"\d{14,}")


def found(example: Example) -> tuple[Finding, ...]:
    """What the example's rule finds in it."""
    file = example.file
    whole = village(file) if isinstance(file, HouseholdFile) else file
    return run_checks(whole, context(**example.context), only={example.rule}).findings


def place(finding: Finding) -> str:
    """Field, with the person it belongs to."""
    return f"{finding.member_id}:{finding.field}" if finding.member_at is not None else finding.field


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.at], ids=str)
def test_rule_finds(example: Example):
    findings = found(example)
    assert {place(finding) for finding in findings} == set(example.at.split())
    assert {finding.rule for finding in findings} == {example.rule}


@pytest.mark.parametrize("example", [example for example in EXAMPLES if not example.at], ids=str)
def test_rule_lets_pass(example: Example):
    assert [(place(finding), str(finding.message)) for finding in found(example)] == []


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.at], ids=str)
def test_messages_can_be_read_and_hold_no_id_number(example: Example):
    for finding in found(example):
        for language in ("zh_CN", "en"):
            message = finding.message.render(language)
            assert "{" not in message
            assert not ID_NUMBER.search(message)


def test_a_sound_village_has_no_finding():
    assert run_checks(village(sound(), neighbour(2)), context()).findings == ()


def test_every_built_rule_has_a_failing_and_a_passing_example():
    built = {key for key, spec in RULES.items() if spec.built}
    assert {example.rule for example in EXAMPLES if example.at} == built
    assert {example.rule for example in EXAMPLES if not example.at} == built


def test_every_rule_of_the_list_has_a_function_or_says_what_it_needs():
    assert {key for key, spec in RULES.items() if spec.built} == set(functions())
    assert all(spec.needs for spec in RULES.values() if not spec.built)


def test_every_rule_of_the_domain_is_accounted_for():
    assert set(RULES) == {f"{letter}{n:02d}" for letter, last in LAST.items() for n in range(1, last + 1)} | OURS


@pytest.mark.parametrize("key", sorted(functions()))
def test_parameters_of_list_and_function_are_the_same(key: str):
    named = {p.name for p in inspect.signature(functions()[key]).parameters.values() if p.kind is p.KEYWORD_ONLY}
    assert named == set(RULES[key].parameters)


@pytest.mark.parametrize("key", sorted(functions()))
def test_rules_say_what_they_mean(key: str):
    assert (functions()[key].__doc__ or "").endswith("."), key


GROUP_LISTS = {
    "id": "id_kind",
    "relation": "relation",
    "health": "health",
    "disability": "disability_class",
    "education": "education",
    "school": "schooling",
    "dropout": "dropout_reason",
    "labour": "labour",
    "area": "work_area",
    "cause": "cause",
    "dwelling": "housing",
    "kind": "household_kind",
    "state": "poverty_state",
    "monitoring": "monitoring_class",
    "wish": "wish_kind",
    "answer": "wish_answer",
}


def test_code_groups_name_codes_that_exist():
    lists = load_codes().lists
    groups = shipped_catalogue().groups
    for name in groups.__slots__:
        code_list = GROUP_LISTS.get(name.split("_")[0])
        for code in getattr(groups, name) if code_list else ():
            assert lists[code_list].entry(code) is not None, (name, code)


def test_the_open_form_sees_household_and_members_but_not_the_village():
    file = sound(son={"sex": "2", "phone": "1"}, household={"main_cause": ""})
    whole = run_checks(village(file), context()).findings
    assert check_one(file, context()) == tuple(f for f in whole if RULES[f.rule].scope != "village")
    assert {"A07", "A52", "H06"} <= {finding.rule for finding in whole}
