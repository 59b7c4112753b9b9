"""The village file, the team, the helpers and who is paired with whom (DOMAIN §4.2 F; JS-7.2.3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from villagedesk.drafts.team import HelperDraft, PairingDraft, TeamMemberDraft, VillageDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.serving import last_of_years, member_problems, team_problems
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import say


class Team:
    """Who works in the village and for whom."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def village(self) -> VillageDraft:
        """The village file."""
        table = RECORDS["village"].table
        found: dict[str, VillageDraft] = self._all("village", table.c.code == self._site.village)
        return next(iter(found.values()))

    def save_village(self, draft: VillageDraft, reason: str) -> Change:
        """Save the village file; its code and profile stay as they were set up."""
        stored = self.village()
        if (draft.code, draft.profile) != (stored.code, stored.profile):
            raise Refused(say("The village code and the policy profile were fixed when the desk was set up."))
        return self._save("village", draft, reason)

    def members(self) -> tuple[TeamMemberDraft, ...]:
        """The team, past and present, in order of entry."""
        return tuple(self._all("team_member").values())

    def save_member(self, draft: TeamMemberDraft, reason: str) -> Change:
        """Save a team member. Raises Refused for an unknown role, a role that is taken, or two that are kept apart."""
        others = tuple(each for each in self.members() if each.id != draft.id)
        problems = list(member_problems(self._site.profile, draft, others))
        if problems:
            raise Refused(problems)
        return self._save("team_member", draft, reason)

    def serving(self, day: date | None = None) -> tuple[TeamMemberDraft, ...]:
        """The members who serve on a day, today unless given."""
        at = day or self._site.today()
        return tuple(each for each in self.members() if (each.starts_on or at) <= at <= (each.ends_on or at))

    def term_end(self, member: TeamMemberDraft) -> date | None:
        """The day on which the member's term ends by the profile, None where it says nothing."""
        rules = self._site.profile.team
        if member.starts_on is None or not rules.years:
            return rules.term_to
        return last_of_years(member.starts_on, rules.years)

    def last_day(self) -> date | None:
        """The last day of the member who stays longest; None while somebody's term is open."""
        ends = [member.ends_on for member in self.members()]
        closed = [end for end in ends if end is not None]
        return max(closed) if ends and len(closed) == len(ends) else None

    def keep_until(self) -> date | None:
        """When this laptop's copy is due to be taken off, by the profile; None while the team is at work."""
        last = self.last_day()
        return None if last is None else last + timedelta(days=self._site.profile.team.keep_months_after_term * 31)

    def shortfall(self) -> tuple[Problem, ...]:
        """What the team lacks by the profile today: heads, a leader, a first secretary (X09)."""
        deep = self.village().kind in shipped_catalogue().groups.village_deep
        return tuple(team_problems(self._site.profile, self.serving(), deep=deep))

    def helpers(self) -> tuple[HelperDraft, ...]:
        """The helpers, in order of entry."""
        return tuple(self._all("helper").values())

    def save_helper(self, draft: HelperDraft, reason: str) -> Change:
        """Save a helper."""
        if not draft.name.strip():
            raise Refused([Problem(say("Give the helper's name."), "name")])
        return self._save("helper", draft, reason)

    def pairings(self, household_id: str = "") -> tuple[PairingDraft, ...]:
        """Pairings, of one household or all, ended ones too."""
        table = RECORDS["pairing"].table
        return tuple(self._all("pairing", *([table.c.household_id == household_id] if household_id else [])).values())

    def pair(self, household_id: str, helper_id: str, on: date, reason: str) -> Change:
        """Pair a household with a helper from ``on``; a pairing still running ends the day before."""
        with self._site.store.work("pairing.begin", reason) as work:
            for row in work.rows("pairing", household_id=household_id, ends_on=None):
                if row["helper_id"] == helper_id:
                    raise Refused([Problem(say("This helper is paired with the household already."), "helper_id")])
                work.put("pairing", self._site.village, {"ends_on": on, "end_reason": reason}, row["id"])
            draft = PairingDraft(household_id=household_id, helper_id=helper_id, starts_on=on)
            work.put_draft("pairing", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def end_pairing(self, pairing_id: str, on: date, reason: str) -> Change:
        """End a pairing without a successor yet (H18 asks for one). Raises Refused without a reason."""
        if not reason.strip():
            raise Refused([Problem(say("Say why the pairing ends."), "end_reason")])
        with self._site.store.work("pairing.end", reason) as work:
            row = work.row("pairing", pairing_id)
            if row is None or row["removed"] or row["ends_on"] is not None:
                raise Refused(say("This pairing has ended already."))
            if row["starts_on"] and on < row["starts_on"]:
                raise Refused([Problem(say("The pairing would end before it began."), "ends_on")])
            work.put("pairing", self._site.village, {"ends_on": on, "end_reason": reason}, pairing_id)
        return work.change

    def _all(self, kind: str, *conditions: Any) -> dict[str, Any]:
        table = RECORDS[kind].table
        with self._site.store.read() as connection:
            return load_where(connection, kind, table.c.village == self._site.village, *conditions)

    def _save(self, kind: str, draft: Any, reason: str) -> Change:
        with self._site.store.work(f"{kind}.save", reason) as work:
            work.put_draft(kind, self._site.village, draft, new_id=self._site.store.ids())
        return work.change
