"""From a profile to what the rules know of it."""

from __future__ import annotations

import dataclasses
from datetime import date
from functools import cache, partial
from typing import Any

from villagedesk.policy.checks.catalogue import Catalogue, shipped_catalogue
from villagedesk.policy.checks.check_context import CheckContext
from villagedesk.policy.codes import CodeBook
from villagedesk.policy.income import exit_line, monitoring_line
from villagedesk.policy.pack import MeasureCategory, Pack
from villagedesk.policy.pack_steps import NoticeStage
from villagedesk.policy.procedures import states_after
from villagedesk.policy.profile import Profile
from villagedesk.policy.wishes import wish_kinds

_OWED = {"household": "days", "watched": "watched_days"}


def check_context(profile: Profile, year: int, today: date, *, province: str = "", preset: str = "") -> CheckContext:
    """What the rules know of ``profile``.

    Args:
        profile: the policy pack in force.
        year: the data year.
        today: the day of the check.
        province: the first two digits of the division code, for its own income line.
        preset: the sign-off preset the township fixed; the profile's own when empty.

    Raises:
        KeyError: the profile has no such preset.
    """
    catalogue = shipped_catalogue()
    return CheckContext(
        year=year,
        today=today,
        terms=_terms(profile),
        parameters=_parameters(profile),
        line=cache(partial(exit_line, profile, province=province)),
        monitoring_line=cache(partial(monitoring_line, profile, province=province)),
        concept=profile.income.concept,
        period=profile.income.period,
        items=profile.income.items,
        codes=_codes(profile.codes, profile.form_year(year)),
        families={key: _families(category, catalogue) for key, category in profile.measures.items()},
        answers={key: frozenset(category.causes) for key, category in profile.measures.items()},
        wishes=partial(wish_kinds, profile),
        signers=tuple(profile.signoff.presets[preset or profile.signoff.preset].roles.values()),
        meeting_first=profile.signoff.order["not_before_evaluation"].on,
        given_up=_given_up(profile),
        housing_criteria=frozenset(key for key, entry in profile.household_exit.items() if entry.rule == "housing"),
        quorum=profile.quorum,
        notice=_village_stage(profile),
        days=profile.days,
        **_monitoring(profile),
        visits=profile.visits,
        funds=profile.funds,
        catalogue=catalogue,
    )


def _monitoring(pack: Pack) -> dict[str, Any]:
    """What the rules on monitoring cases know; nothing where the profile has no monitoring."""
    rules, steps = pack.monitoring, pack.procedures.get("monitoring")
    if rules is None or steps is None:
        return {}
    kind = pack.notices.get("monitoring_in")
    stage = next(iter(kind.stages.values()), None) if kind else None
    return {
        "monitored": states_after(steps, "recognise"),
        "monitoring_days": rules.days_to_recognition,
        "monitoring_day_kind": rules.day_kind,
        "monitoring_notice": stage.days if stage else 0,
    }


def _parameters(pack: Pack) -> dict[str, dict[str, object]]:
    """The numbers which other sections of the pack settle, then what it says of single rules."""
    settled: dict[str, dict[str, object]] = {"I11": {"percent": pack.income.transfer_percent}}
    if pack.team.minimum:
        settled["X09"] = {"minimum": pack.team.minimum, "minimum_deep": pack.team.minimum_deep}
    if pack.team.days_a_month:
        settled["X12"] = {"least": pack.team.days_a_month}
    owed = {rule.each: rule.days for rule in pack.visits.values() if rule.each != "village"}
    if owed:
        settled["H25"] = {key: owed[each] for each, key in _OWED.items() if each in owed}
    counts = {"least": "measures_otherwise", "exit_year": "measures_in_exit_year"}
    settled["M12"] = {name: pack.numbers[key] for name, key in counts.items() if key in pack.numbers}
    loan = next((each for each in pack.measures.values() if each.loan_cap), None)
    if loan:
        settled["M10"] = {"yuan": loan.loan_cap // 100, "months": loan.loan_months}
    if pack.team.households_per_helper:
        settled["H19"] = {"max_households": pack.team.households_per_helper}
    for key, changes in pack.rules.items():
        settled[key] = {**settled.get(key, {}), **changes}
    return settled


def _terms(pack: Pack) -> dict[str, str]:
    words = {field.name: getattr(pack.terms, field.name) for field in dataclasses.fields(pack.terms)}
    return {**words.pop("extra"), **words}


def _codes(book: CodeBook, year: int) -> dict[str, dict[str, str]]:
    """Code list → code valid in the year → its word then."""
    return {
        name: {entry.code: entry.word_in(year) for entry in found.entries if entry.valid_in(year)}
        for name, found in book.lists.items()
    }


def _families(category: MeasureCategory, catalogue: Catalogue) -> frozenset[str]:
    return frozenset(category.families) | catalogue.named(category.title)


def _given_up(pack: Pack) -> frozenset[str]:
    procedure = pack.procedures.get("exit")
    return (
        frozenset(state.key for state in procedure.states.values() if state.effect == "back")
        if procedure
        else frozenset()
    )


def _village_stage(pack: Pack) -> NoticeStage | None:
    kind = pack.notices.get("exit")
    return next((stage for stage in kind.stages.values() if stage.scope == "village"), None) if kind else None


def days_between_looks(profile: Pack) -> int:
    """Within how many days a house is looked at again by the rule H29; 0 where the profile has not switched it on."""
    entry, own = shipped_catalogue().rules["H29"], profile.rules.get("H29", {})
    if not own.get("on", entry.on):
        return 0
    return int(str(own.get("days", entry.parameters["days"])))
