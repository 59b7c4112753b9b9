"""What the logic rules say at the steps of a procedure: an error holds the step up, the rest is shown (DOMAIN §7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, select

from villagedesk.drafts.notice import ExemptionDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.checks.catalogue import RuleSpec, Step
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.checks.run import FormRules, run_checks, step_blockers
from villagedesk.policy.profile import Profile
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.checks import Checks, household_files
from villagedesk.services.site import Site

Heeded = Mapping[str, tuple[Blocker, ...]]
"""Household → what the rules say of it."""


class StepRules:
    """The rules that guard one procedure, bound to the profile of the day."""

    def __init__(self, site: Site, step: Step) -> None:
        self._site, self._step = site, step
        self._bound: tuple[date, Profile, FormRules] | None = None

    def of_households(self, connection: Connection, household_ids: Collection[str]) -> Heeded:
        """What stands in the way of these households, by household."""
        files = household_files(connection, self._site.village, household_ids) if household_ids else ()
        explained = self._explained(connection)
        found = {file.household.id: self._blockers(file, explained) for file in files}
        for household, blocker in self._shared(connection, files, explained):
            found[household] = (*found[household], blocker)
        return found

    def of_file(self, connection: Connection, file: HouseholdFile, record: str, verb: str) -> tuple[Blocker, ...]:
        """What they say of one record of a household as a step would leave it; of its others they say nothing."""
        found = self._rules().check(file, self._explained(connection))
        mine = [finding for finding in found if finding.record_id in ("", record)]
        return step_blockers(mine, self._step, verb)

    def of_village(self, village: VillageFile, connection: Connection, year: int) -> tuple[Blocker, ...]:
        """What they say of the village's own figures of a year."""
        checks = Checks(self._site)
        only = {key for key, spec in self._specs().items() if spec.scope == "village"}
        report = run_checks(village, checks.context(year), only=only, exemptions=self._explained(connection))
        return step_blockers(report.findings, self._step)

    def _blockers(self, file: HouseholdFile, explained: Sequence[ExemptionDraft]) -> tuple[Blocker, ...]:
        return step_blockers(self._rules().check(file, explained), self._step)

    def _rules(self) -> FormRules:
        """Bound anew on another day, and when the profile has changed."""
        today, profile = self._site.today(), self._site.profile
        if self._bound is None or self._bound[0] != today or self._bound[1] is not profile:
            self._bound = (today, profile, FormRules(Checks(self._site).context(), self._specs().keys()))
        return self._bound[2]

    def _specs(self) -> Mapping[str, RuleSpec]:
        """The rules heard at the steps; those that a guard speaks for are not asked again."""
        rules = Checks(self._site).context().catalogue.rules
        return {key: spec for key, spec in rules.items() if self._step in spec.guards and not spec.by}

    def _explained(self, connection: Connection) -> tuple[ExemptionDraft, ...]:
        return tuple(load_where(connection, "exemption").values())

    def _shared(
        self, connection: Connection, files: Sequence[HouseholdFile], explained: Iterable[ExemptionDraft]
    ) -> list[tuple[str, Blocker]]:
        """What only shows beside other households: one resident number in two files (A04)."""
        numbers = {member.id_number for file in files for member in file.household.living if member.id_number}
        only = {key for key, spec in self._specs().items() if spec.scope == "village"}
        if not only or not numbers:
            return []
        asked = {file.household.id for file in files}
        table = RECORDS["member"].table
        homes = connection.execute(
            select(table.c.household_id).where(table.c.village == self._site.village, table.c.id_number.in_(numbers))
        ).scalars()
        near = set(homes) | asked
        beside = files if near == asked else household_files(connection, self._site.village, near)
        report = run_checks(VillageFile(beside), Checks(self._site).context(), only=only, exemptions=explained)
        mine = [finding for finding in report.findings if finding.household_id in asked]
        return [(each.household_id, said) for each in mine for said in step_blockers([each], self._step)]
