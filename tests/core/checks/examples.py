"""The form of an example: what a rule must find, and the nearest thing it must let pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.core.checks.sound import sound
from villagedesk.policy.checks.file import HouseholdFile, VillageFile


@dataclass(frozen=True)
class Example:
    """A file, what to set in the context, and where the finding points ("" where nothing is to be found)."""

    rule: str
    file: HouseholdFile | VillageFile
    at: str = ""  # field, after the member's id and a colon where a person is meant: "son:birth"
    context: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.rule


def bad(rule: str, at: str, file: HouseholdFile | VillageFile | None = None, **changes: object) -> Example:
    """An example in which the rule finds something at ``at``."""
    context = changes.pop("context", {})
    return Example(rule, file or sound(**changes), at, context)


def good(rule: str, file: HouseholdFile | VillageFile | None = None, **changes: object) -> Example:
    """An example which the rule lets pass."""
    context = changes.pop("context", {})
    return Example(rule, file or sound(**changes), "", context)
