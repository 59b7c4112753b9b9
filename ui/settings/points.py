"""A point that the documents leave open, in words: what it is about, and what stands there now."""

from __future__ import annotations

from collections.abc import Mapping

from villagedesk.policy.profile import OpenPoint, Profile
from villagedesk.text import tr
from villagedesk.values import yuan


def title(point: OpenPoint, profile: Profile) -> str:
    """What the point is about; the place in the pack where it is none of those known."""
    parts = point.path.split(".")
    of_notice, of_exit = profile.notices.get(parts[1]), profile.household_exit.get(parts[1])
    if parts[0] == "notices" and of_notice is not None:
        return tr("Days on the board: {notice}", notice=of_notice.title)
    if parts[0] == "household_exit" and of_exit is not None:
        return tr("Bars the exit: {condition}", condition=of_exit.text)
    if parts[0] == "checklists":
        return str(getattr(point.value, "title", point.path))
    known = {
        "income.lines": tr("Poverty line of {year} (yuan)", year=parts[-1]),
        "monitoring.lines": tr("Line of monitoring (yuan)"),
        "income.base": tr("Income a head that the line is reckoned from (yuan)"),
        "income.concept": tr("What income is reckoned as"),
        "income.concept_word": tr("What income is reckoned as"),
        "signoff.preset": tr("Who signs: {scheme}", scheme=profile.signoff.name),
    }
    return known.get(".".join(parts[:2]), point.path)


def value(point: OpenPoint, profile: Profile) -> str:
    """What stands there now."""
    found = point.value
    if isinstance(found, Mapping):
        return "；".join(tr("{year}: {amount}", year=year, amount=yuan(fen)) for year, fen in found.items())
    if isinstance(found, int):
        return _number(found, money=point.path.startswith(("income.", "monitoring.")))
    if point.path.startswith("checklists."):
        return "、".join(str(item) for item in getattr(found, "items", ())) or tr("not written in the documents")
    words = {
        "signoff.preset": profile.signoff.presets[profile.signoff.preset].title,
        "income.concept": profile.income.concept_word,
    }
    return words.get(point.path, str(found))


def _number(found: int, *, money: bool) -> str:
    if isinstance(found, bool):
        return tr("yes") if found else tr("no")
    return yuan(found) if money else str(found)
