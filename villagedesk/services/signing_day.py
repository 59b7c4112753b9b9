"""The day on which the sheets are signed: who still has to sign what, group by group (DOMAIN §3; §8.6).

People sign paper with ink, many sheets one after the other; this keeps the count and writes down what was signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from villagedesk.drafts.exit import ExitDraft, SignatureDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.procedures import leads_to, procedure
from villagedesk.policy.signoff import Cell, SignoffScheme, open_cells
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.exit_cases import case_of
from villagedesk.services.exits import Taken
from villagedesk.services.signing import record_marks, scheme_of
from villagedesk.services.site import Site
from villagedesk.text import say
from villagedesk.values import Step, each_told, group_order, no_step

SIGN = "sign"


@dataclass(frozen=True)
class SigningRow:
    """One sheet on the table. ``ready``: the procedure has come to the signing; else ``state_title`` says where it is.

    ``signers`` are the persons known for each role, "" where nobody is known.
    """

    case: ExitDraft
    household: HouseholdDraft
    scheme: SignoffScheme
    state_title: str
    ready: bool
    signers: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The places of required roles that bear no complete mark yet."""
        return open_cells(self.scheme, self.case.signatures)

    def missing_of(self, role: str) -> tuple[Cell, ...]:
        """The places one role has yet to mark, required or not."""
        return open_cells(self.scheme, self.case.signatures, role)

    def signed_on(self, role: str) -> date | None:
        """The latest day on which the role signed, None while it has not."""
        days = [mark.signed_on for mark in self.case.signatures if mark.role == role and mark.signed_on]
        return max(days, default=None)


class SigningDay:
    """The sheets of a year that wait for signatures."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def of_year(self, year: int) -> tuple[SigningRow, ...]:
        """Every open case whose signing is not behind it, by village group and household number."""
        with self._site.store.read() as connection:
            return self.rows_of(connection, year)

    def rows_of(self, connection: Connection, year: int) -> tuple[SigningRow, ...]:
        """The same, inside a transaction."""
        table = RECORDS["exit"].table
        steps = procedure(self._site.profile, "exit")
        cases = load_where(connection, "exit", table.c.year == year, table.c.village == self._site.village)
        waiting = [
            case for case in cases.values() if not steps.effect(case.state) and leads_to(steps, case.state, SIGN)
        ]
        households = load(connection, "household", [case.household_id for case in waiting])
        known = known_signers(self._site, connection, [households[case.household_id] for case in waiting])
        rows = [
            SigningRow(
                case=case,
                household=households[case.household_id],
                scheme=scheme_of(self._site, case),
                state_title=steps.states[case.state].title,
                ready=any(step.verb == SIGN for step in steps.next(case.state)),
                signers=known[case.household_id],
            )
            for case in waiting
        ]
        return tuple(sorted(rows, key=lambda row: (*group_order(row.household.group), row.household.no)))

    def signers(self, case_id: str) -> Mapping[str, str]:
        """Who is known to sign in each role of one case. Raises Refused when the case is not here."""
        with self._site.store.read() as connection:
            case = case_of(connection, case_id)
            household = load(connection, "household", [case.household_id])[case.household_id]
            return known_signers(self._site, connection, [household])[household.id]

    def together(
        self,
        role: str,
        case_ids: Sequence[str],
        person: str,
        on: date | None,
        mark: str,
        reason: str,
        step: Step = no_step,
    ) -> Taken:
        """Write down that one role signed several sheets on one day; places marked already stay as they are.

        ``person`` "" means whoever is known for that household (the head signs his own sheet). A sheet that cannot be
        written down holds up no other. Raises Refused without a day.
        """
        if on is None:
            raise Refused([Problem(say("Enter the day that stands on the sheets."), "signed_on")])
        refused: dict[str, Refused] = {}
        with self._site.store.work("exit.sign", reason) as work:
            known = {} if person.strip() else self._known(work.connection, case_ids)
            for case_id in each_told(case_ids, step):
                try:
                    case = case_of(work.connection, case_id)
                    name = person.strip() or known.get(case.household_id, {}).get(role, "")
                    record_marks(self._site, work, case, self._marks(case, role, name, on, mark))
                except Refused as refusal:
                    refused[case_id] = refusal
        return Taken(work.change, refused)

    def _marks(self, case: ExitDraft, role: str, person: str, on: date, mark: str) -> list[SignatureDraft]:
        scheme = scheme_of(self._site, case)
        if not person:
            raise Refused([Problem(say("Enter who signed; nobody is known for this place."), "person")])
        stored = {(each.role, each.item): each for each in case.signatures}
        found = []
        for cell in open_cells(scheme, case.signatures, role):
            blank = SignatureDraft(case_id=case.id, role=role, item=cell.item.key)
            known = stored.get((role, cell.item.key), blank)
            found.append(SignatureDraft(known.id, known.revision, case.id, role, cell.item.key, person, on, mark))
        return found

    def _known(self, connection: Connection, case_ids: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        homes = [case.household_id for case in load(connection, "exit", list(case_ids)).values()]
        return known_signers(self._site, connection, list(load(connection, "household", homes).values()))


def known_signers(
    site: Site, connection: Connection, households: Sequence[HouseholdDraft]
) -> Mapping[str, Mapping[str, str]]:
    """By household: role of the sheet → the person known for it.

    The head of the household, its running helper, the team's leader; for the others whoever signed last in that role,
    a group's head within the same group.
    """
    ids = [household.id for household in households]
    helpers = _helpers(connection, ids)
    leader = _leader(connection, site)
    last = _last_signers(site, connection)
    return {
        household.id: _of_household(site, household, helpers.get(household.id, ""), leader, last)
        for household in households
    }


def _of_household(
    site: Site, household: HouseholdDraft, helper: str, leader: str, last: Mapping[tuple[str, str], str]
) -> Mapping[str, str]:
    rules = site.profile.signoff
    found = {}
    for role in rules.presets[rules.preset].roles.values():
        own = {
            "household": household.head.name if household.head else "",
            "helper": helper,
            "group": last.get((role.key, household.group), ""),
            "team": last.get((role.key, ""), "") or leader,
        }
        found[role.key] = own.get(role.level, last.get((role.key, ""), ""))
    return found


def _helpers(connection: Connection, households: Sequence[str]) -> Mapping[str, str]:
    table = RECORDS["pairing"].table
    pairings = load_where(connection, "pairing", table.c.household_id.in_(list(households))).values()
    running = {pairing.household_id: pairing.helper_id for pairing in pairings if pairing.ends_on is None}
    people = load(connection, "helper", list(dict.fromkeys(running.values())))
    return {household: people[helper].name for household, helper in running.items() if helper in people}


def _leader(connection: Connection, site: Site) -> str:
    table = RECORDS["team_member"].table
    team = load_where(connection, "team_member", table.c.village == site.village).values()
    present = [member for member in team if member.ends_on is None]
    order = {"leader": 0, "first_secretary": 1}
    return next((member.name for member in sorted(present, key=lambda each: order.get(each.role, 9))), "")


def _last_signers(site: Site, connection: Connection) -> Mapping[tuple[str, str], str]:
    """(role, village group) and (role, "") → who signed there last."""
    table = RECORDS["exit"].table
    cases = list(load_where(connection, "exit", table.c.village == site.village).values())
    groups = {
        key: household.group
        for key, household in load(connection, "household", [case.household_id for case in cases]).items()
    }
    marks = [(mark, groups.get(case.household_id, "")) for case in cases for mark in case.signatures]
    found: dict[tuple[str, str], str] = {}
    for mark, group in sorted(marks, key=lambda pair: pair[0].signed_on or date.min):
        found[mark.role, group] = found[mark.role, ""] = mark.person
    return found
