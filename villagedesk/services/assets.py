"""Assets of the village, who holds which share in which year, and what each household gets (JS-3.4.1, XJ-17.1, N-1.4).

The roster is made anew every year; the income is shared out to the fen by it, decided by a meeting, posted, paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.money import AssetDraft, DistributionDraft, ShareDraft
from villagedesk.drafts.plan import MeasureDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.money import distribute
from villagedesk.policy.wishes import measure_blockers
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services.consent import wishes_of
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say
from villagedesk.values import group_order

WISH = "06"  # list wish_kind: own land or money put into an asset
_KEPT, _FELL_BACK, _AFTER_EXIT, _RENAMED = "02", "03", "04", "05"  # list share_reason
_BACK_STATES, _EXITED_STATES = frozenset({"3"}), frozenset({"1", "4"})  # list poverty_state


@dataclass(frozen=True)
class ShareRow:
    """A share with the household that holds it."""

    share: ShareDraft
    household: HouseholdDraft
    holder: str


@dataclass(frozen=True)
class AssetRow:
    """An asset with the years that have a roster and what was shared out in each, newest year first."""

    asset: AssetDraft
    years: tuple[int, ...]
    distributions: tuple[DistributionDraft, ...]


@dataclass(frozen=True)
class Dividend:
    """What one household was paid of an asset: of which year's income, when, by which meeting, fen."""

    asset: str
    year: int
    paid_on: date
    decided_by: str
    amount: int


class Assets:
    """The assets of this desk's village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def save(self, draft: AssetDraft, reason: str) -> Change:
        """Save an asset. Raises Refused without a name, or disposed of without saying what became of it."""
        problems = []
        if not draft.title.strip():
            problems.append(Problem(say("Give the asset a name."), "title"))
        if draft.disposed_on and not draft.disposal.strip():
            text = say("Say what became of the asset and who was paid first; creditors come before holders.")
            problems.append(Problem(text, "disposal"))
        with self._site.store.work("asset.save", reason) as work:
            problems += _contributed_problems(work, draft)
            if problems:
                raise Refused(problems)
            work.put_draft("asset", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def all(self) -> tuple[AssetRow, ...]:
        """Every asset, in order of entry."""
        with self._site.store.read() as connection:
            shares, shared = self._of(connection, "share"), self._of(connection, "distribution")
            return tuple(
                AssetRow(
                    asset,
                    tuple(sorted({each.year for each in shares if each.asset_id == asset.id}, reverse=True)),
                    tuple(sorted((d for d in shared if d.asset_id == asset.id), key=lambda d: d.year, reverse=True)),
                )
                for asset in self._of(connection, "asset")
            )

    def roster(self, asset_id: str, year: int) -> tuple[ShareRow, ...]:
        """Who holds what in a year, by group and household number."""
        with self._site.store.read() as connection:
            return roster_of(connection, asset_id, year)

    def start_roster(self, asset_id: str, year: int, reason: str) -> Change:
        """Begin a year's roster from the one before: households that are gone fall out, those who left are renamed.

        What a holder put in and took back (the wish is withdrawn) falls out as well.

        Raises Refused when the year has a roster already or no earlier year has one.
        """
        with self._site.store.work("share.roster", reason) as work:
            earlier = [row for row in work.rows("share", asset_id=asset_id) if row["year"] < year and row["shares"]]
            if not earlier:
                raise Refused([Problem(say("No earlier year has a roster. Enter the first one by hand."), "year")])
            if work.rows("share", asset_id=asset_id, year=year):
                raise Refused([Problem(say("This year has a roster already."), "year")])
            last = max(row["year"] for row in earlier)
            held = {row["household_id"]: row for row in earlier if row["year"] == last}
            households: Mapping[str, HouseholdDraft] = load(work.connection, "household", list(held))
            asset = _asset(work.connection, asset_id)
            for household_id, household in households.items():
                share = _carried(household, held[household_id], asset_id, year)
                here = household.living and not household.removed_reason
                if here and not list(self._wish_problems(work, asset, household, share)):
                    self._put(work, share)
        return work.change

    def hold(self, shares: Sequence[ShareDraft], reason: str) -> Change:
        """Enter shares of a roster; one with no shares is taken off.

        Raises Refused when the year is decided, the holder does not belong to the household, or an asset into which
        households put their own lacks the holder's wish (DOMAIN §8.5).
        """
        with self._site.store.work("share.save", reason) as work:
            problems = [problem for share in shares for problem in self._problems(work, share)]
            if problems:
                raise Refused(problems)
            for share in shares:
                self._put(work, share)
        return work.change

    def reckon(self, asset_id: str, year: int, income: int, kept: int, reason: str) -> Change:
        """Share out the income of a year (fen; ``kept`` stays with the collective) by that year's roster, to the fen.

        Raises Refused when the year is decided already, nothing is to be shared, or the year has no roster.
        """
        problems = []
        if income <= 0 or not 0 <= kept <= income:
            problems.append(Problem(say("Enter the income and what of it the collective keeps."), "income"))
        with self._site.store.work("distribution.reckon", reason) as work:
            rows = [row for row in work.rows("share", asset_id=asset_id, year=year) if row["shares"]]
            if not rows:
                problems.append(Problem(say("The year has no roster of shares. Make it first."), "year"))
            distribution_id = derived_id("distribution", self._site.village, asset_id, year)
            self._demand_open(work, distribution_id)
            if problems:
                raise Refused(problems)
            self._share_out(work, distribution_id, rows, income - kept)
            values = {"asset_id": asset_id, "year": year, "income": income, "kept": kept}
            work.put("distribution", self._site.village, values, distribution_id)
        return work.change

    def decide(self, distribution_id: str, on: date, by: str, reason: str) -> Change:
        """The villagers' meeting agreed to it; from then on it stands. Raises Refused without day or name."""
        if on > self._site.today() or not by.strip():
            raise Refused([Problem(say("Enter the day and the meeting that decided."), "decided_by")])
        with self._site.store.work("distribution.decide", reason) as work:
            self._demand_open(work, distribution_id)
            work.put("distribution", self._site.village, {"decided_on": on, "decided_by": by.strip()}, distribution_id)
        return work.change

    def pay(self, distribution_id: str, on: date, reason: str) -> Change:
        """The money was paid out. Raises Refused before a meeting decided and its notice has its result."""
        with self._site.store.work("distribution.pay", reason) as work:
            shared = _distribution(work.connection, distribution_id)
            notice = work.row("notice", shared.notice_id) if shared.notice_id else None
            problems = []
            if shared.decided_on is None:
                problems.append(Problem(say("No meeting has decided on it yet."), "decided_on"))
            if notice is None or not notice["result"]:
                text = say("Post the distribution and write down the result of the notice first.")
                problems.append(Problem(text, "notice_id"))
            if on > self._site.today():
                problems.append(Problem(say("The day lies in the future. Correct the date."), "paid_on"))
            if problems:
                raise Refused(problems)
            work.put("distribution", self._site.village, {"paid_on": on}, distribution_id)
        return work.change

    def of_household(self, household_id: str, first: date, last: date) -> tuple[Dividend, ...]:
        """What a household was paid of all assets from one day to another, in order of payment."""
        with self._site.store.read() as connection:
            titles = {asset.id: asset.title for asset in self._of(connection, "asset")}
            shared = self._of(connection, "distribution")
        found = [
            Dividend(titles.get(each.asset_id, ""), each.year, each.paid_on, each.decided_by, line.amount)
            for each in shared
            if each.paid_on and first <= each.paid_on <= last
            for line in each.payouts
            if line.household_id == household_id and line.amount
        ]
        return tuple(sorted(found, key=lambda one: one.paid_on))

    def _share_out(self, work: Work, distribution_id: str, rows: Sequence[Mapping[str, Any]], total: int) -> None:
        amounts = distribute(total, {row["household_id"]: row["shares"] for row in rows})
        for line in work.rows("payout", distribution_id=distribution_id):
            if line["household_id"] not in amounts:
                work.remove("payout", line["id"])
        for row in rows:
            key = row["household_id"]
            values = {"distribution_id": distribution_id, "household_id": key, "shares": row["shares"]}
            record_id = derived_id("payout", self._site.village, distribution_id, key)
            work.put("payout", self._site.village, {**values, "amount": amounts[key]}, record_id)

    def _put(self, work: Work, share: ShareDraft) -> None:
        if share.shares:
            work.put_draft("share", self._site.village, share)
        elif share.id:
            work.remove("share", share.id)

    def _problems(self, work: Work, share: ShareDraft) -> Iterator[Problem]:
        self._demand_open(work, derived_id("distribution", self._site.village, share.asset_id, share.year))
        if share.shares < 0:
            yield Problem(say("Shares are counted from zero up."), "shares")
        household = one(work.connection, share.household_id)
        if share.member_id and share.member_id not in {member.id for member in household.living}:
            yield Problem(say("The holder does not belong to household {no}.", no=household.no), "member_id")
        yield from self._wish_problems(work, _asset(work.connection, share.asset_id), household, share)

    def _wish_problems(
        self, work: Work, asset: AssetDraft, household: HouseholdDraft, share: ShareDraft
    ) -> Iterator[Problem]:
        if not (share.shares and asset.contributed):
            return
        measure, today = MeasureDraft(member_id=share.member_id, wish_kind=WISH), self._site.today()
        wishes = wishes_of(work.connection, household.id)
        for blocker in measure_blockers(self._site.profile, measure, household, wishes, today):
            yield Problem(say("{what} {remedy}", what=blocker.text, remedy=blocker.remedy), "member_id")

    def _demand_open(self, work: Work, distribution_id: str) -> None:
        row = work.row("distribution", distribution_id)
        if row is not None and row["decided_on"] is not None and not row["removed"]:
            raise Refused([Problem(say("The distribution of this year is decided; shares and amounts stand."), "year")])

    def _of(self, connection: Connection, kind: str) -> tuple[Any, ...]:
        return tuple(load_where(connection, kind, RECORDS[kind].table.c.village == self._site.village).values())


def roster_of(connection: Connection, asset_id: str, year: int) -> tuple[ShareRow, ...]:
    """Who holds what of an asset in a year, by group and household number."""
    table = RECORDS["share"].table
    shares: Iterable[ShareDraft] = load_where(
        connection, "share", table.c.asset_id == asset_id, table.c.year == year
    ).values()
    kept = [share for share in shares if share.shares]
    households = load(connection, "household", [share.household_id for share in kept])
    rows = [
        ShareRow(share, households[share.household_id], _holder(households[share.household_id], share))
        for share in kept
        if share.household_id in households
    ]
    return tuple(sorted(rows, key=lambda row: (*group_order(row.household.group), row.household.no)))


def _holder(household: HouseholdDraft, share: ShareDraft) -> str:
    named = next((member.name for member in household.members if member.id == share.member_id), "")
    return named or (household.head.name if household.head else household.no)


def _carried(household: HouseholdDraft, before: Mapping[str, Any], asset_id: str, year: int) -> ShareDraft:
    """Last year's share in the new roster, in the name of somebody who still belongs to the household."""
    living = {member.id for member in household.living}
    holder, reason = before["member_id"], _KEPT
    if holder and holder not in living:
        holder, reason = (household.head.id if household.head else ""), _RENAMED
    elif household.state in _BACK_STATES:
        reason = _FELL_BACK
    elif household.state in _EXITED_STATES:
        reason = _AFTER_EXIT
    return ShareDraft(
        asset_id=asset_id, year=year, household_id=household.id, member_id=holder, shares=before["shares"],
        reason=reason,
    )  # fmt: skip


def _contributed_problems(work: Work, draft: AssetDraft) -> Iterator[Problem]:
    """Whose land or money it is does not change under a roster: the holders' wishes hang on it."""
    stored = work.row("asset", draft.id) if draft.id else None
    if stored and bool(stored["contributed"]) != bool(draft.contributed) and work.rows("share", asset_id=draft.id):
        text = say("Shares of it are held already. Enter another asset, or take the shares off first.")
        yield Problem(text, "contributed")


def _asset(connection: Connection, asset_id: str) -> AssetDraft:
    found: Mapping[str, AssetDraft] = load(connection, "asset", [asset_id])
    if asset_id not in found:
        raise Refused([Problem(say("Choose the asset."), "asset_id")])
    return found[asset_id]


def _distribution(connection: Connection, distribution_id: str) -> DistributionDraft:
    found: Mapping[str, DistributionDraft] = load(connection, "distribution", [distribution_id])
    if distribution_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    return found[distribution_id]
