"""Every rule function there is: importing a rule module registers what stands in it."""

from __future__ import annotations

from collections.abc import Mapping

from villagedesk.policy.checks import (
    exit_case,
    household,
    household_living,
    household_support,
    income,
    income_facts,
    monitoring,
    monitoring_case,
    person_family,
    person_id,
    person_insurance,
    person_school,
    person_work,
    plan,
    plan_measures,
    team,
    village,
    village_figures,
    village_money,
)
from villagedesk.policy.checks.rule import Rule, registered

MODULES = (
    exit_case,
    household,
    household_living,
    household_support,
    income,
    income_facts,
    monitoring,
    monitoring_case,
    person_family,
    person_id,
    person_insurance,
    person_school,
    person_work,
    plan,
    plan_measures,
    team,
    village,
    village_figures,
    village_money,
)
"""The rule modules; a new one is named here."""


def functions() -> Mapping[str, Rule]:
    """Rule id → function."""
    return registered()
