"""The logic checks over the desk or over the open form, and the exemptions people grant (DOMAIN §7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import ExemptionDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.checks.check_context import CheckContext
from villagedesk.policy.checks.context import check_context
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.checks.run import CheckReport, Finding, FormRules, run_checks
from villagedesk.policy.profile import Profile
from villagedesk.records.load import load, load_of, load_village, load_where
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import say
from villagedesk.values import Step, collector_paused, no_step

_FEW = 30  # so many files read one by one cost less than the whole village
_PARTS = ("income", "plan", "wish", "exit", "pairing", "visit", "share", "monitoring")
"""What the rules read of a household besides its form."""


class Checks:
    """The findings of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._form: tuple[date, Profile, FormRules] | None = None

    def context(self, year: int | None = None) -> CheckContext:
        """What the rules know of the profile today; the data year is this one unless given."""
        today = self._site.today()
        return check_context(self._site.profile, year or today.year, today, province=self._site.village[:2])

    def run(self, only: Collection[str] | None = None, year: int | None = None, step: Step = no_step) -> CheckReport:
        """All rules (or those of ``only``) over every household. Raises Refused for a rule that does not exist."""
        context = self.context(year)
        unknown = sorted(set(only or ()) - set(context.catalogue.rules))
        if unknown:
            raise Refused(say("There is no rule “{rule}”.", rule=unknown[0]))
        with collector_paused(), self._site.store.read() as connection:
            files = village_file(connection, self._site.village)
            exemptions = load_where(connection, "exemption").values()
            return run_checks(files, context, only=only, exemptions=exemptions, step=step)

    def of_draft(self, draft: HouseholdDraft) -> tuple[Finding, ...]:
        """The rules of one household as it stands in the open form; nothing is saved.

        Of a file that was never saved only what is typed is judged: what is not typed yet is not missing.
        """
        if not draft.id:
            found = self._form_rules().check(HouseholdFile(draft))
            return tuple(finding for finding in found if _is_typed(finding, draft))
        with self._site.store.read() as connection:
            file = _file_of(connection, draft)
        return self._form_rules().check(file)

    def _form_rules(self) -> FormRules:
        """Bound anew on another day, and when the profile has changed."""
        key = (self._site.today(), self._site.profile)
        if self._form is None or self._form[0] != key[0] or self._form[1] is not key[1]:
            self._form = (*key, FormRules(self.context()))
        return self._form[2]

    def exempt(self, draft: ExemptionDraft, reason: str) -> Change:
        """Accept a finding with a reason; it counts again after the expiry day."""
        problems = []
        if not draft.reason.strip():
            problems.append(Problem(say("Say why the finding is in order."), "reason"))
        if not draft.granted_by.strip():
            problems.append(Problem(say("Enter who accepts it."), "granted_by"))
        if problems:
            raise Refused(problems)
        with self._site.store.work("finding.exempt", reason) as work:
            work.put_draft("exemption", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def exemptions(self) -> tuple[ExemptionDraft, ...]:
        """Every finding that somebody accepted, also those that count again."""
        with self._site.store.read() as connection:
            return _all(connection, "exemption", self._site.village)

    def reopen(self, exemption_id: str, reason: str) -> Change:
        """Let an accepted finding count again at once."""
        with self._site.store.work("finding.reopen", reason) as work:
            work.remove("exemption", exemption_id)
        return work.change


def _is_typed(finding: Finding, draft: HouseholdDraft) -> bool:
    owner = draft if finding.member_at is None else draft.members[finding.member_at]
    return getattr(owner, finding.field, None) not in (None, "", ())


def village_file(connection: Connection, village: str) -> VillageFile:
    """Everything the rules read of a village."""
    of_village = {
        kind: _all(connection, kind, village)
        for kind in ("village", "team_member", "helper", "notice", "workday", "leave")
    }
    found = next(iter(of_village["village"]), VillageDraft())
    visits = _all(connection, "visit", village)
    exits = _all(connection, "village_exit", village)
    return VillageFile(
        households=_household_files(connection, village, visits),
        village=found,
        team=of_village["team_member"],
        helpers=of_village["helper"],
        notices=of_village["notice"],
        visits=tuple(visit for visit in visits if not visit.household_id),
        workdays=of_village["workday"],
        leaves=of_village["leave"],
        indicators=_all(connection, "indicator", village),
        funds=_all(connection, "fund", village),
        left=bool(found.exited_year) or any(case.announced_on for case in exits),
    )


def household_files(connection: Connection, village: str, household_ids: Collection[str]) -> tuple[HouseholdFile, ...]:
    """The files of these households: each read by itself, or picked from the whole village where they are many."""
    if len(household_ids) <= _FEW:
        return tuple(_file_of(connection, draft) for draft in load(connection, "household", [*household_ids]).values())
    wanted = frozenset(household_ids)
    files = _household_files(connection, village, _all(connection, "visit", village))
    return tuple(file for file in files if file.household.id in wanted)


def _household_files(connection: Connection, village: str, visits: Iterable[Any]) -> tuple[HouseholdFile, ...]:
    parts = {kind: _by(_all(connection, kind, village), "household_id") for kind in _PARTS if kind != "visit"}
    parts["visit"] = _by(visits, "household_id")
    leaving = bool(parts["exit"])
    meetings = {meeting.id: meeting for meeting in _all(connection, "evaluation", village)} if leaving else {}
    notices = {notice.id: notice for notice in _all(connection, "notice", village)} if leaving else {}
    return tuple(_file(household, parts, meetings, notices) for household in _all(connection, "household", village))


def _file_of(connection: Connection, draft: HouseholdDraft) -> HouseholdFile:
    """The file of one household as the form has it, with the papers around it."""
    parts = {kind: {draft.id: list(load_of(connection, kind, "household_id", draft.id).values())} for kind in _PARTS}
    exits = parts["exit"][draft.id]
    meetings = load(connection, "evaluation", [case.evaluation_id for case in exits])
    notices = load(connection, "notice", [case.notice_id for case in exits])
    return _file(draft, parts, meetings, notices)


def _file(
    household: HouseholdDraft,
    parts: Mapping[str, Mapping[str, list[Any]]],
    meetings: Mapping[str, Any],
    notices: Mapping[str, Any],
) -> HouseholdFile:
    mine = {kind: tuple(by.get(household.id, ())) for kind, by in parts.items()}
    exits = _newest(mine["exit"])
    return HouseholdFile(
        household=household,
        incomes=_newest(mine["income"]),
        plans=_newest(mine["plan"]),
        wishes=mine["wish"],
        exits=exits,
        evaluations=tuple(meetings[case.evaluation_id] for case in exits if case.evaluation_id in meetings),
        notices=tuple(notices[case.notice_id] for case in exits if case.notice_id in notices),
        pairings=mine["pairing"],
        visits=mine["visit"],
        shares=mine["share"],
        monitoring=mine["monitoring"][::-1],
    )


def _newest(drafts: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(drafts, key=lambda draft: (draft.year, getattr(draft, "version", 0)), reverse=True))


def _all(connection: Connection, kind: str, village: str) -> tuple[Any, ...]:
    return tuple(load_village(connection, kind, village).values())


def _by(drafts: Iterable[Any], field: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for draft in drafts:
        found.setdefault(getattr(draft, field), []).append(draft)
    return found
