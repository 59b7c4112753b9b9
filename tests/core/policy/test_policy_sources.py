"""Where each rule and field comes from: every one of them says so in words, and every id leads somewhere."""

from __future__ import annotations

import tomllib
from dataclasses import fields

import pytest

from villagedesk import resources, text
from villagedesk.drafts import money, plan, project, request, village
from villagedesk.drafts.form import HOUSEHOLD, LIVING, MEMBER
from villagedesk.exchange.fields import load_fields
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.indicators import indicator_groups
from villagedesk.policy.profile import load_profile, profiles
from villagedesk.policy.sources import entry_source, explain, is_source


def test_a_clause_is_named_with_its_document_in_both_languages() -> None:
    source = explain("JS-8.4 D")
    assert source is not None
    assert source.ids == "JS-8.4"
    assert source.told.render("en").startswith("Source: JS-8.4 (江苏省委办公厅")
    assert "依据：JS-8.4（江苏省委办公厅" in source.told.render("zh_CN")
    assert "本程序的建议" in source.told.render("zh_CN")


def test_nothing_written_down_is_nothing_told() -> None:
    assert explain("") is None


@pytest.mark.parametrize("rule", shipped_catalogue().rules.values(), ids=lambda rule: rule.key)
def test_every_rule_says_where_it_comes_from(rule) -> None:
    assert explain(rule.source) is not None
    assert all(is_source(name) for name in rule.source), rule.source


def test_every_field_of_the_form_says_where_it_comes_from() -> None:
    known = load_fields().fields
    for scope, parts in (("household", (*HOUSEHOLD, *LIVING)), ("member", MEMBER)):
        for spec in (spec for part in parts for spec in part.fields):
            source = explain(known[f"{scope}.{spec.name}"].source)
            assert source is not None, spec.name
            for name in source.ids.replace("GB/T ", "").replace("GB ", "").split():
                assert is_source(name) or name[0].isdigit(), (spec.name, name)


def test_every_figure_of_the_village_says_where_it_comes_from() -> None:
    for group in indicator_groups().values():
        for key, found in group.items.items():
            source = explain(found.source or group.source)
            assert source is not None, key
            assert all(is_source(name) for name in source.ids.split()), key


@pytest.mark.parametrize("profile", [row.id for row in profiles() if not row.overlay])
def test_every_criterion_and_every_item_of_income_says_where_it_comes_from(profile: str) -> None:
    pack = load_profile(profile)
    places = [*(f"household_exit.{key}.text" for key in pack.household_exit)]
    places += [f"income.items.{key}" for key in pack.income.items]
    for place in places:
        assert explain(pack.mark(place).source) is not None, place


def test_no_source_is_told_in_another_language_than_the_window() -> None:
    for language in text.LANGUAGES:
        found = explain("G U S GB/T·2261.1")
        assert found is not None
        said = found.told.render(language)
        assert ("common knowledge" in said) is (language == "en")


def test_every_entry_of_a_register_says_where_it_comes_from() -> None:
    entries = tomllib.loads(resources.path("columns", "entry_sources.toml").read_text("utf-8"))
    drafts = {name: kind for module in (money, plan, project, request, village) for name, kind in vars(module).items()}
    for name, entry in entries.items():
        known = {field.name for field in fields(drafts[name])}
        assert set(entry.get("fields", {})) <= known, name
        for said in (entry["source"], *entry.get("fields", {}).values()):
            assert all(is_source(one) for one in said.split()), (name, said)


def test_a_field_without_a_clause_of_its_own_has_that_of_its_register() -> None:
    assert entry_source("ProjectDraft", "plan_id") == "GZ-14.1"
    assert entry_source("ProjectDraft", "place") == "P36 N-8.3"
    assert entry_source("Nothing", "place") == ""
