"""The source clause behind each rule, criterion, figure and field, for the tool tips of the window (issue 8)."""

from __future__ import annotations

from villagedesk.exchange.fields import load_fields
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.indicators import indicator_groups
from villagedesk.policy.sources import Source, entry_source, explain
from villagedesk.services.site import Site

_BLOCKERS = {
    "criteria": "household_exit",
    "income_locked": "income.concept",
    "signatures": "signoff.name",
    "schooling": "household_exit.education",
    "medical": "household_exit.medical",
    "dwelling_case": "household_exit.housing",
    "notice_period": "notices.exit",
    "evaluation": "procedures.exit.transitions.evaluate",
    "household_answer": "procedures.exit.transitions.acknowledge",
}
"""Blocker → the part of the pack that it guards; the others are our own and say so."""


class Sources:
    """Answers where something comes from; None where nothing is written down."""

    def __init__(self, site: Site) -> None:
        self._profile = site.profile

    def of_field(self, path: str) -> Source | None:
        """A field of the household file: ``household.no``, ``member.phone``."""
        field = load_fields().fields.get(path)
        return explain(field.source) if field else None

    def of_entry(self, draft: type, field: str) -> Source | None:
        """A field of a register's entry, of a wish: by the class of its draft."""
        return explain(entry_source(draft.__name__, field))

    def of_wish(self, kind: str) -> Source | None:
        """What a person may be asked about, by its code: why anybody is asked at all, and what holds for this kind."""
        own = [mark.source for at, mark in self._profile.marks.items() if at.startswith(f"wishes.{kind}.")]
        ids = (one for said in (entry_source("WishDraft", "kind"), *own) for one in said.split())
        return explain([one for one in ids if one != "D"])

    def of_rule(self, rule: str) -> Source | None:
        """A logic rule: ``H22``; the clause of the policy in force comes first where it names one."""
        spec = shipped_catalogue().rules.get(rule)
        own = self._mark(f"rules.{rule}")
        return explain((*own.split(), *spec.source)) if spec else None

    def of_criterion(self, key: str) -> Source | None:
        """A criterion of a household's exit."""
        return self._marked(f"household_exit.{key}")

    def of_village_criterion(self, key: str) -> Source | None:
        """A criterion of the village's exit."""
        return self._marked(f"village_exit.{key}")

    def of_item(self, item: str) -> Source | None:
        """An item of the income statement: ``wage.work``."""
        return self._marked(f"income.items.{item}")

    def of_measure_field(self, key: str) -> Source | None:
        """A fact that measures of a kind ask for."""
        return self._marked(f"measure_fields.{key}")

    def of_indicator(self, key: str) -> Source | None:
        """A yearly figure of the village."""
        group = next((each for each in indicator_groups().values() if key in each.items), None)
        return explain(group.items[key].source or group.source) if group else None

    def of_blocker(self, key: str) -> Source | None:
        """What stands in the way of an exit: a blocker of the sign-off, an order of steps, or a logic rule."""
        if key in shipped_catalogue().rules:
            return self.of_rule(key)
        places = (_BLOCKERS.get(key, ""), f"signoff.blockers.{key}", f"signoff.order.{key}")
        return next((found for place in places if place and (found := self._marked(place))), None)

    def _marked(self, path: str) -> Source | None:
        return explain(self._mark(path))

    def _mark(self, path: str) -> str:
        """The source of the first value at or below ``path``."""
        marks = self._profile.marks
        found = marks.get(path) or next((mark for at, mark in marks.items() if at.startswith(f"{path}.")), None)
        return found.source if found else ""
