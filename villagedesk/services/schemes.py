"""The way of signing that the township fixed for the village: one of the profile's presets, or one of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from villagedesk.drafts.scheme import SchemeDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.own_scheme import draft_of, own_key, scheme_problems, write_scheme
from villagedesk.policy.pack_steps import Preset
from villagedesk.policy.taken import profile_of
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say


def with_own(village: VillageDraft, draft: SchemeDraft, on: date) -> Mapping[str, Any]:
    """The fields of a village that gets its own way of signing. Raises Refused for what no policy can be."""
    own = (*village.own_schemes, write_scheme(draft))
    fixed = replace(village, own_schemes=own, scheme=own_key(len(own)), scheme_confirmed_on=on)
    profile_of(fixed)
    return {"own_schemes": own, "scheme": fixed.scheme, "scheme_confirmed_on": on}


class Schemes:
    """The ways of signing a village can choose from. A change takes effect when the desk is opened the next time."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def presets(self) -> Mapping[str, Preset]:
        """Every way there is, the township's own among them."""
        return self._site.profile.signoff.presets

    def draft(self, key: str) -> SchemeDraft:
        """One of them as something to edit. Raises Refused when there is none of this name."""
        if key not in self.presets:
            raise Refused(say("There is no sign-off preset “{name}”. Choose one of: {known}.", name=key,
                              known=", ".join(self.presets)))  # fmt: skip
        return draft_of(self._site.profile, key)

    def check(self, draft: SchemeDraft) -> tuple[Problem, ...]:
        """Why a way of signing cannot be fixed like this."""
        return scheme_problems(self._site.profile, draft)

    def choose(self, key: str, on: date, reason: str) -> Change:
        """Write down that the township fixed one of the ways there are. Raises Refused for one that is not there."""
        self.draft(key)
        with self._site.store.work("scheme.confirm", reason) as work:
            self._put(work, {"scheme": key, "scheme_confirmed_on": self._past(on)})
        return work.change

    def fix(self, draft: SchemeDraft, on: date, reason: str) -> Change:
        """Write down the township's own way of signing and that it holds from now on; earlier ones stay on record.

        Raises Refused with each problem of :meth:`check`.
        """
        problems = self.check(draft)
        if problems:
            raise Refused(problems)
        with self._site.store.work("scheme.edit", reason) as work:
            self._put(work, with_own(self._village(work), draft, self._past(on)))
        return work.change

    def _past(self, on: date) -> date:
        if on > self._site.today():
            raise Refused([Problem(say("A step is dated in the future. Correct the date."), "scheme_confirmed_on")])
        return on

    def _village(self, work: Work) -> VillageDraft:
        table = RECORDS["village"].table
        found: dict[str, VillageDraft] = load_where(work.connection, "village", table.c.code == self._site.village)
        return next(iter(found.values()))

    def _put(self, work: Work, values: Mapping[str, object]) -> None:
        work.put("village", self._site.village, values, self._village(work).id)
