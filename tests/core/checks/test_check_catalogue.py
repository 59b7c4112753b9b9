"""The rule list says file, key and reason when it is wrong, and turns a profile into what the rules know."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.core.checks.sound import TODAY, sound
from villagedesk import resources
from villagedesk.errors import Unreadable
from villagedesk.policy.checks.catalogue import read_catalogue, shipped_catalogue
from villagedesk.policy.checks.context import check_context
from villagedesk.policy.checks.run import check_one
from villagedesk.policy.procedures import ALL, LOGIC_RULES
from villagedesk.policy.profile import load_profile, profiles

SHIPPED = resources.path("policy", "rules.toml").read_text("utf-8")
RULE = 'A01 = { class = "E", scope = "member", guards = ["exit", "report"], source = ["C1"], title = "证件号码位数" }'
OTHER_FAMILIES = {"education", "health", "housing", "infrastructure", "social", "water"}  # no rule asks for them
PROFILES = [row.id for row in profiles() if not row.overlay]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (RULE, RULE.replace('"E"', '"F"'), "rules.A01.class"),
        (RULE, RULE.replace('"member"', '"person"'), "rules.A01.scope"),
        (RULE, RULE.replace('"exit"', '"typing"'), "rules.A01.guards"),
        (RULE, RULE.replace("title", "name"), "rules.A01.name"),
        (RULE, RULE.replace("title", "built = false, title"), "rules.A01.needs"),
        (RULE, RULE.replace("title", 'needs = "more", title'), "rules.A01.needs"),
        ('cause_other = ["99"]', "", "groups.cause_other"),
        ('cause_other = ["99"]', 'cause_others = ["99"]', "groups.cause_other"),
        ('cause_other = ["99"]', "cause_other = 99", "groups.cause_other"),
        ("[words]", "[phrases]", "words"),
    ],
)
def test_a_wrong_list_is_refused_with_its_key(tmp_path: Path, old: str, new: str, key: str):
    assert old in SHIPPED
    file = tmp_path / "rules.toml"
    file.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    with pytest.raises(Unreadable) as refusal:
        read_catalogue(file)
    assert key in str(refusal.value)
    assert "rules.toml" in str(refusal.value)


def test_a_list_that_is_no_toml_is_refused(tmp_path: Path):
    file = tmp_path / "rules.toml"
    file.write_text("[rules", encoding="utf-8")
    with pytest.raises(Unreadable, match="rules"):
        read_catalogue(file)


def test_every_rule_has_a_title_and_a_source_and_errors_guard_a_step():
    for spec in shipped_catalogue().rules.values():
        assert spec.title, spec.key
        assert spec.source, spec.key
        assert spec.guards or spec.class_ != "E", spec.key


def test_who_speaks_of_a_procedure_guards_it_or_says_why_it_only_warns():
    for key, spec in shipped_catalogue().rules.items():
        if key[0] in "KXV":
            assert bool(spec.warns) == (spec.class_ != "E"), key


@pytest.mark.parametrize("name", PROFILES)
def test_what_a_rule_guards_is_heeded_at_a_step(name: str):
    """By the guards that say the same, or by a step that asks the rules; the report is held up by clean files."""
    pack = load_profile(name)
    ways = {key: {guard for way in rules.transitions.values() for guard in way.guards}
            for key, rules in pack.procedures.items()}  # fmt: skip
    for key, spec in shipped_catalogue().rules.items():
        for step in spec.guards:
            heeded = ways["adjustment" if step == "report" else step]
            named = {"clean"} if step == "report" else set(spec.by) or {LOGIC_RULES}
            assert named & heeded or ALL in heeded, (key, step)


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_can_be_checked_with(name: str):
    ctx = check_context(load_profile(name), 2020, TODAY)
    found = {finding.rule for finding in check_one(sound(mother={"labour": "01"}), ctx)}
    assert "A31" in found
    assert ctx.term("household") == load_profile(name).terms.household


@pytest.mark.parametrize("name", PROFILES)
def test_profiles_name_families_as_the_rules_do(name: str):
    known = {family for family, _ in shipped_catalogue().words} | OTHER_FAMILIES
    assert {family for category in load_profile(name).measures.values() for family in category.families} <= known


def test_the_context_takes_line_period_signers_and_notice_from_the_profile():
    profile = load_profile("jiangsu-2018")
    ctx = check_context(profile, 2019, date(2020, 1, 2))
    line = ctx.line(2019)
    assert line is not None
    assert line.fen == 600_000
    assert (ctx.concept, ctx.period) == ("disposable", "calendar")
    assert [signer.key for signer in ctx.signers] == ["household", "helper", "group", "village", "team"]
    assert ctx.notice is not None
    assert ctx.notice.days == 7
    assert ctx.given_up == {"returned"}
    assert "S" in ctx.codes["housing"]
    assert "21" not in ctx.codes["relation"]


def test_another_preset_brings_its_own_signers():
    ctx = check_context(load_profile("jiangsu-2018"), 2019, date(2020, 1, 2), preset="B")
    assert [signer.key for signer in ctx.signers][-1] == "township"
    with pytest.raises(KeyError):
        check_context(load_profile("jiangsu-2018"), 2019, date(2020, 1, 2), preset="Z")


def test_monitoring_line_comes_with_the_overlay():
    year = 2023
    plain = check_context(load_profile("national-2018"), year, TODAY, province="52")
    watched = check_context(load_profile("national-2018+post-2021"), year, TODAY, province="52")
    assert plain.monitoring_line(year) is None
    line = watched.monitoring_line(year)
    assert line is not None
    assert line.fen == 730_000


def test_forms_of_a_profile_outlive_it_until_an_overlay_brings_new_ones():
    after = check_context(load_profile("jiangsu-2018"), 2026, TODAY)
    assert "05" in after.codes["education"]
    watched = check_context(load_profile("jiangsu-2018+post-2021"), 2026, TODAY)
    assert "05" not in watched.codes["education"]
    assert "08" in watched.codes["education"]
