"""The pages of a desk, in the groups of the navigation; each page is imported when it is first shown.

A new page is one line in ``PAGES``: its ``group`` says where in the week of a team it belongs; a page that is only
reached from another one names that one as ``under``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from ui.context import Context, HubContext
from ui.page import Page
from villagedesk.text import Text, say


@dataclass(frozen=True)
class Group:
    """Pages that belong together in the week of a team: key, name, sign."""

    key: str
    title: Text
    sign: str


@dataclass(frozen=True)
class PageKind:
    """A page: its key, its name, its sign, where its class lives (``module:Class``), its group.

    ``under`` is the page of the navigation it is reached from; "" when it stands in the navigation itself.
    """

    key: str
    title: Text
    sign: str
    place: str
    group: str
    under: str = ""

    def make(self, context: Context | HubContext) -> Page:
        """The page itself."""
        module, _, name = self.place.partition(":")
        made: Callable[[Context | HubContext], Any] = getattr(import_module(module), name)
        return cast("Page", made(context))


GROUPS: tuple[Group, ...] = (
    Group("today", say("Today"), "today"),
    Group("households", say("Households"), "households"),
    Group("assistance", say("Assistance"), "plans"),
    Group("exits", say("Exits and monitoring"), "exits"),
    Group("notices", say("Notices and papers"), "notices"),
    Group("village", say("Village affairs"), "village"),
    Group("reporting", say("Reporting"), "exchange"),
    Group("settings", say("Settings"), "settings"),
)

PAGES: tuple[PageKind, ...] = (
    PageKind("today", say("Today"), "today", "ui.today.page:TodayPage", "today"),
    # households
    PageKind("households", say("Household files"), "households", "ui.households.list:HouseholdList", "households"),
    PageKind("household", say("Household"), "households", "ui.households.form:HouseholdForm", "households",
             under="households"),
    PageKind("members", say("Members"), "person", "ui.households.people:MembersList", "households"),
    PageKind("event", say("Household event"), "history", "ui.events.page:EventPage", "households", under="households"),
    PageKind("events", say("Changes of the year"), "history", "ui.events.year:YearPage", "households"),
    PageKind("import", say("Import a roster"), "import", "ui.imports.page:ImportPage", "households"),
    PageKind("findings", say("Findings"), "findings", "ui.findings.page:FindingsPage", "households"),
    # assistance
    PageKind("plans", say("Plans"), "plans", "ui.plans.page:PlansPage", "assistance"),
    PageKind("plan", say("Plan"), "plans", "ui.plans.form:PlanForm", "assistance", under="plans"),
    PageKind("measures", say("Ledger of measures"), "ledger", "ui.measures.page:MeasuresPage", "assistance"),
    PageKind("visits", say("Visits"), "visits", "ui.visits.page:VisitsPage", "assistance"),
    # exits
    PageKind("exits", say("Exits"), "exits", "ui.exits.page:ExitsPage", "exits"),
    PageKind("evaluations", say("Democratic evaluation"), "person", "ui.evaluations.page:EvaluationsPage", "exits"),
    PageKind("signing", say("Signing day"), "exits", "ui.signing.page:SigningPage", "exits"),
    PageKind("monitoring", say("Monitoring of risks"), "eye", "ui.monitoring.page:MonitoringPage", "exits"),
    PageKind("scans", say("Signed papers back in"), "import", "ui.scans.page:ScansPage", "exits"),
    PageKind("village-exit", say("Exit of the village"), "exits", "ui.village_exit.page:VillageExitPage", "exits"),
    PageKind("procedures", say("Identification and yearly adjustment"), "plans",
             "ui.procedures.page:ProceduresPage", "exits"),
    # notices
    PageKind("notices", say("Notices"), "notices", "ui.notices.page:NoticesPage", "notices"),
    PageKind("papers", say("Print papers"), "print", "ui.papers.page:PapersPage", "notices"),
    # village
    PageKind("village", say("The village"), "village", "ui.village.page:VillagePage", "village"),
    PageKind("projects", say("Projects"), "projects", "ui.projects.page:ProjectsPage", "village"),
    PageKind("money", say("Money"), "money", "ui.money.page:MoneyPage", "village"),
    PageKind("concerns", say("Concerns"), "concerns", "ui.concerns.page:ConcernsPage", "village"),
    PageKind("team", say("Team"), "team", "ui.team.page:TeamPage", "village"),
    PageKind("helpers", say("Helpers"), "person", "ui.team.helpers:HelpersList", "village"),
    # reporting
    PageKind("reports", say("Reports"), "reports", "ui.reports.page:ReportsPage", "reporting"),
    PageKind("exchange", say("Exchange"), "exchange", "ui.exchange.page:ExchangePage", "reporting"),
    PageKind("conflicts", say("Conflicts"), "conflict", "ui.exchange.conflicts:ConflictsPage", "reporting"),
    PageKind("doubles", say("Entered twice"), "person", "ui.exchange.doubles:DoublesPage", "reporting",
             under="exchange"),
    PageKind("newer", say("Facts of a newer version"), "info", "ui.exchange.newer:NewerPage", "reporting",
             under="exchange"),
    PageKind("from-township", say("Lists of other offices"), "exchange", "ui.exchange.fromtownship:FromTownshipPage",
             "reporting", under="exchange"),
    PageKind("laptops", say("Laptops and keys"), "key", "ui.exchange.laptops:LaptopsPage", "reporting",
             under="exchange"),
    PageKind("policy-packs", say("Policy of the township"), "plans", "ui.exchange.packs:PacksPage", "reporting",
             under="exchange"),
    # settings
    PageKind("settings", say("Settings"), "settings", "ui.settings.page:SettingsPage", "settings"),
    PageKind("backups", say("Backups"), "stick", "ui.safety.backups:BackupsPage", "settings"),
    PageKind("people", say("People and locks"), "key", "ui.safety.people:PeoplePage", "settings"),
    PageKind("privacy", say("Personal data"), "person", "ui.safety.privacy:PrivacyPage", "settings"),
    PageKind("audit", say("Proof and inspection"), "ok", "ui.safety.audit:AuditPage", "settings"),
)  # fmt: skip


@dataclass(frozen=True)
class PageSet:
    """The groups and pages of one role of the program, and the page it opens with.

    ``topic``: the page of the manual that speaks of all of them, "" where each has its own.
    """

    groups: tuple[Group, ...]
    pages: tuple[PageKind, ...]
    first: str
    found: str  # the page that a hit of the search box leads to
    topic: str = ""

    def kind_of(self, key: str) -> PageKind:
        """The page with this key. Raises KeyError when there is none."""
        return {page.key: page for page in self.pages}[key]

    def has(self, key: str) -> bool:
        """Whether this role has a page with this key."""
        return any(page.key == key for page in self.pages)

    def pages_of(self, group: str) -> tuple[PageKind, ...]:
        """The pages of a group that stand in the navigation."""
        return tuple(page for page in self.pages if page.group == group and not page.under)

    def shown_groups(self) -> tuple[Group, ...]:
        """The groups that have a page, in the order of the navigation."""
        return tuple(group for group in self.groups if self.pages_of(group.key))


DESK = PageSet(GROUPS, PAGES, "today", "household")
"""The pages of a village's desk."""

_TIER_ONE = {"households", "household", "members", "plans", "plan", "visits", "team", "helpers", "people"}
OF_TIER_ONE = PageSet(GROUPS, tuple(page for page in PAGES if page.key in _TIER_ONE), "households", "household")
"""The pages for somebody whose role stops at tier T1; the services refuse him the rest as well."""

kind_of = DESK.kind_of
pages_of = DESK.pages_of
groups = DESK.shown_groups
