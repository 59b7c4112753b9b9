"""The state forms: every field has its place, or a reason for having none (tests/data/state_form.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from villagedesk.drafts.form import HOUSEHOLD, LIVING, MEMBER
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, MemberDraft
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.drafts.plan import MeasureDraft, WishDraft
from villagedesk.drafts.team import HelperDraft, PairingDraft, VillageDraft
from villagedesk.errors import Refused
from villagedesk.exchange.fields import DROP_REASONS, load_fields
from villagedesk.policy.codes import load_codes
from villagedesk.policy.indicators import indicators
from villagedesk.policy.profile import load_profile

FORM: dict[str, Any] = tomllib.loads((Path(__file__).parents[2] / "data" / "state_form.toml").read_text("utf-8"))
DRAFTS = {
    "household": HouseholdDraft, "member": MemberDraft, "income": IncomeDraft, "monitoring": MonitoringDraft,
    "helper": HelperDraft, "pairing": PairingDraft, "wish": WishDraft, "measure": MeasureDraft, "village": VillageDraft,
}  # fmt: skip
BLOCKS = [(block, title, entry) for block in "ABCDEFG" for title, entry in FORM[block].items()]
SHOWN = {
    "household": {spec.name for part in (HOUSEHOLD, LIVING) for section in part for spec in section.fields},
    "member": {spec.name for section in MEMBER for spec in section.fields},
}
HEADINGS = load_fields()
CODES = load_codes()


@pytest.mark.parametrize(("block", "title", "entry"), BLOCKS, ids=[f"{b}-{t}" for b, t, _ in BLOCKS])
def test_every_field_of_the_forms_has_its_place_or_a_reason(block: str, title: str, entry: dict[str, Any]) -> None:
    assert sum(key in entry for key in ("at", "left", "told", "item")) == 1
    for place in entry.get("at", ()):
        record, _, name = place.partition(".")
        assert name in {field.name for field in fields(DRAFTS[record])}, place
        if record in SHOWN:
            assert name in SHOWN[record], f"{place} stands in no form of the window"
            assert place in HEADINGS.fields, f"{place} is not in the field dictionary"
    if entry.get("left"):
        assert HEADINGS.drop_reason(title) == DROP_REASONS[entry["left"]] or title == "务工镇"
    if "item" in entry:
        income = load_profile("national-2018").income
        assert entry["item"] in {**income.items, **income.groups}


@pytest.mark.parametrize(
    ("title", "entry"), [(t, e) for block, t, e in BLOCKS if block in "ABCDE"], ids=lambda each: str(each)[:20]
)
def test_the_headings_of_the_forms_and_the_codes_of_the_state_find_their_field(
    title: str, entry: dict[str, Any]
) -> None:
    for heading in filter(None, (title, entry.get("code"))):
        found = HEADINGS.find(heading)
        if "left" in entry:
            assert HEADINGS.drop_reason(heading) is not None or title == "务工镇", heading
        elif "at" in entry and not entry["at"][0].startswith("wish"):
            assert found is not None, heading
            assert entry["at"][0] in {found.path, f"{found.scope}.{found.fills}"}, heading
        elif "told" in entry and heading == entry.get("code"):
            assert found is not None or HEADINGS.is_ignored(heading), heading


def test_what_is_sensitive_is_covered_or_veiled_in_the_window() -> None:
    """DOMAIN §8.2: tier 3 is hidden until somebody looks, and the look is noted (tests/gui/test_gui_marks.py)."""
    for scope, parts in (("household", (HOUSEHOLD, LIVING)), ("member", (MEMBER,))):
        for section in (section for part in parts for section in part):
            for spec in section.fields:
                tier = HEADINGS.fields[f"{scope}.{spec.name}"].tier
                assert (tier == "T3") == (section.sensitive or spec.veiled), spec.name
                assert tier != "T2" or spec.name not in {"id_number", "phone"} or spec.kind in {"id", "phone"}


def test_what_is_left_out_is_no_field_of_any_draft_of_a_household() -> None:
    """DOMAIN §8.3: names that must never turn up."""
    names = {field.name for draft in (HouseholdDraft, MemberDraft) for field in fields(draft)}
    for word in ("relig", "politic", "bank", "account", "diagn", "disease", "finger", "face", "gps", "latitude", "star",
                 "motiv", "credit", "score", "school_name", "only_child", "crime"):  # fmt: skip
        assert not [name for name in names if word in name], word
    assert "id_number" not in {field.name for field in fields(HelperDraft)}


@pytest.mark.parametrize("name", FORM["lists"])
def test_every_value_of_the_lists_is_understood(name: str) -> None:
    for code, words in FORM["lists"][name].items():
        meant = [CODES.lists[name].find(word) for word in words]
        assert all(meant), words
        assert not code or {entry.code for entry in meant if entry} == {code}


@pytest.mark.parametrize("year", FORM["years"])
def test_every_word_of_a_years_form_is_taken_with_that_year(year: str) -> None:
    for name, words in FORM["years"][year].items():
        for word in words:
            assert CODES.code(name, word, int(year)), (name, word)


@pytest.mark.parametrize("name", FORM["never"])
def test_a_value_of_another_years_form_is_refused_with_that_year(name: str) -> None:
    for word, year in FORM["never"][name]:
        with pytest.raises(Refused):
            CODES.code(name, word, year)


def test_a_word_that_was_replaced_gives_its_successor() -> None:
    assert CODES.code("household_kind", "低保户", 2016) == CODES.code("household_kind", "低保贫困户", 2016)
    assert CODES.word("household_kind", "03", 2016) == "五保贫困户"
    assert CODES.word("household_kind", "03", 2019) == "特困供养贫困户"


def test_the_form_of_the_village_is_whole() -> None:
    known = {each.alias: each.key for each in indicators().values() if each.alias}
    for code, place in FORM["village"].items():
        if place.startswith("village."):
            assert place.removeprefix("village.") in {field.name for field in fields(VillageDraft)}
        else:
            assert known.get(code, "") == place, code


def test_the_monitoring_overlay_knows_every_group_of_measures() -> None:
    profile = load_profile("national-2018+post-2021")
    parts = {code: word for key, each in profile.measures.items() if key.startswith("monitoring_")
             for code, word in each.parts.items()}  # fmt: skip
    assert set(parts) == {entry.code for entry in CODES.lists["monitoring_measure"].entries}
    assert all(CODES.lists["monitoring_measure"].find(word).code == code for code, word in parts.items())
    assert profile.measures["monitoring_relocation"].wishes == ("02",)  # nobody is moved against his will
