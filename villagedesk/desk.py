"""A village desk, opened: the only place where its parts are wired together."""

from __future__ import annotations

import platform
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused, Unreadable
from villagedesk.policy.profile import Profile, load_profile
from villagedesk.policy.taken import profile_of
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import CHINA, Site
from villagedesk.services.users import NOT_YOURS, READ_RESTRICTED, Users
from villagedesk.store import place as places
from villagedesk.store.place import Place
from villagedesk.store.vault import Passphrase
from villagedesk.store.wraps import STANDARD, Cost
from villagedesk.text import say, tr
from villagedesk.update import keep_before, note_version
from villagedesk.values import Clock, NewId, new_id, system_clock

if TYPE_CHECKING:
    from villagedesk.services.assets import Assets
    from villagedesk.services.book import VillageBook
    from villagedesk.services.bulk import Bulk
    from villagedesk.services.checks import Checks
    from villagedesk.services.clockwatch import Clockwatch
    from villagedesk.services.concerns import Concerns
    from villagedesk.services.conflict_papers import ConflictPapers
    from villagedesk.services.courses import Courses
    from villagedesk.services.doubles import Doubles
    from villagedesk.services.duty import Duty
    from villagedesk.services.evaluations import Evaluations
    from villagedesk.services.events import Events
    from villagedesk.services.evidence import EvidencePacks
    from villagedesk.services.evidence_files import Evidence
    from villagedesk.services.exits import Exits
    from villagedesk.services.funds import Funds
    from villagedesk.services.helper_list import HelperList
    from villagedesk.services.history import History
    from villagedesk.services.households import Households
    from villagedesk.services.incomes import Incomes
    from villagedesk.services.indicators import Indicators
    from villagedesk.services.inspection import Inspections
    from villagedesk.services.laptop_keys import LaptopKeys
    from villagedesk.services.leaving import Leaving
    from villagedesk.services.lists import Lists
    from villagedesk.services.lookback import LookBack
    from villagedesk.services.looks import Looks
    from villagedesk.services.matching import Comparisons
    from villagedesk.services.measures import Measures
    from villagedesk.services.monitoring import Monitoring
    from villagedesk.services.notices import Notices
    from villagedesk.services.objections import Objections
    from villagedesk.services.overview import Overview
    from villagedesk.services.own_papers import OwnPapers
    from villagedesk.services.papers import Papers
    from villagedesk.services.persons import Persons
    from villagedesk.services.plans import Plans
    from villagedesk.services.policy_change import PolicyChanges
    from villagedesk.services.posting import Posting
    from villagedesk.services.projects import Projects
    from villagedesk.services.reports import Reports
    from villagedesk.services.rosters import Rosters
    from villagedesk.services.safekeeping import Safekeeping
    from villagedesk.services.scans import Scans
    from villagedesk.services.schemes import Schemes
    from villagedesk.services.signing_day import SigningDay
    from villagedesk.services.sources import Sources
    from villagedesk.services.surveys import Surveys
    from villagedesk.services.sync import Sync
    from villagedesk.services.team import Team
    from villagedesk.services.twins import Twins
    from villagedesk.services.villages import Villages
    from villagedesk.services.visits import Visits
    from villagedesk.services.wishes import Wishes
    from villagedesk.services.worklist import Readers, WorkList

S = TypeVar("S")
_DAY = "lives_on"
_OF_TIER_ONE = frozenset(
    {"households", "lists", "plans", "measures", "visits", "team", "helpers", "duty", "villages", "book",
     "schemes", "sources", "notices", "clock", "users", "safekeeping"}
)  # fmt: skip
"""Parts for somebody who reads tier T1 only; the others would count, judge or print blanks as if they were facts."""


class Part(Generic[S]):
    """A part of the desk, imported and made when somebody first asks for it: the window starts without the rest.

    ``place`` is ``module:Class`` within the services, ``needs`` the attributes of the desk it is made from.
    """

    def __init__(self, place: str, *needs: str) -> None:
        self._module, _, self._class = place.partition(":")
        self._needs = needs or ("site",)
        self._name = ""

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, desk: Desk, _owner: type) -> S:
        if desk.covered and self._name not in _OF_TIER_ONE:
            raise Refused(NOT_YOURS)
        kind = getattr(import_module(f"villagedesk.services.{self._module}"), self._class)
        made: S = kind(*(getattr(desk, need) for need in self._needs))
        desk.__dict__[self._name] = made
        return made


class Desk:
    """Everything a window or command can ask of one village on this laptop."""

    households: Part[Households] = Part("households:Households")
    events: Part[Events] = Part("events:Events")
    incomes: Part[Incomes] = Part("incomes:Incomes")
    evidence: Part[Evidence] = Part("evidence_files:Evidence")
    rosters: Part[Rosters] = Part("rosters:Rosters")
    lists: Part[Lists] = Part("lists:Lists")
    bulk: Part[Bulk] = Part("bulk:Bulk")
    wishes: Part[Wishes] = Part("wishes:Wishes")
    plans: Part[Plans] = Part("plans:Plans")
    surveys: Part[Surveys] = Part("surveys:Surveys")
    measures: Part[Measures] = Part("measures:Measures")
    exits: Part[Exits] = Part("exits:Exits")
    evaluations: Part[Evaluations] = Part("evaluations:Evaluations")
    signing: Part[SigningDay] = Part("signing_day:SigningDay")
    notices: Part[Notices] = Part("notices:Notices")
    posting: Part[Posting] = Part("posting:Posting")
    objections: Part[Objections] = Part("objections:Objections")
    monitoring: Part[Monitoring] = Part("monitoring:Monitoring")
    villages: Part[Villages] = Part("villages:Villages")
    schemes: Part[Schemes] = Part("schemes:Schemes")
    courses: Part[Courses] = Part("courses:Courses")
    indicators: Part[Indicators] = Part("indicators:Indicators")
    book: Part[VillageBook] = Part("book:VillageBook")
    projects: Part[Projects] = Part("projects:Projects")
    funds: Part[Funds] = Part("funds:Funds")
    assets: Part[Assets] = Part("assets:Assets")
    overview: Part[Overview] = Part("overview:Overview")
    reports: Part[Reports] = Part("reports:Reports")
    lookback: Part[LookBack] = Part("lookback:LookBack")
    clock: Part[Clockwatch] = Part("clockwatch:Clockwatch")
    papers: Part[Papers] = Part("papers:Papers")
    own_papers: Part[OwnPapers] = Part("own_papers:OwnPapers")
    twins: Part[Twins] = Part("twins:Twins")
    scans: Part[Scans] = Part("scans:Scans")
    policy: Part[PolicyChanges] = Part("policy_change:PolicyChanges")
    packs: Part[EvidencePacks] = Part("evidence:EvidencePacks")
    checks: Part[Checks] = Part("checks:Checks")
    team: Part[Team] = Part("team:Team")
    helpers: Part[HelperList] = Part("helper_list:HelperList")
    visits: Part[Visits] = Part("visits:Visits")
    duty: Part[Duty] = Part("duty:Duty")
    concerns: Part[Concerns] = Part("concerns:Concerns", "site", "users", "looks")
    readers: Part[Readers] = Part(
        "worklist:Readers", "site", "notices", "objections", "concerns", "visits", "measures", "monitoring", "team",
        "duty",
    )  # fmt: skip
    worklist: Part[WorkList] = Part("worklist:WorkList", "readers", "checks")
    sync: Part[Sync] = Part("sync:Sync")
    laptop_keys: Part[LaptopKeys] = Part("laptop_keys:LaptopKeys")
    doubles: Part[Doubles] = Part("doubles:Doubles")
    conflict_papers: Part[ConflictPapers] = Part("conflict_papers:ConflictPapers")
    sources: Part[Sources] = Part("sources:Sources")
    history: Part[History] = Part("history:History")
    looks: Part[Looks] = Part("looks:Looks")
    comparisons: Part[Comparisons] = Part("matching:Comparisons", "place")
    inspections: Part[Inspections] = Part("inspection:Inspections")
    safekeeping: Part[Safekeeping] = Part("safekeeping:Safekeeping", "place")
    users: Part[Users] = Part("users:Users", "place")
    persons: Part[Persons] = Part("persons:Persons")
    leaving: Part[Leaving] = Part("leaving:Leaving", "site", "safekeeping")

    def __init__(self, place: Place, site: Site) -> None:
        self.place = place
        self.site = site

    @property
    def profile(self) -> Profile:
        """The policy this village works under."""
        return self.site.profile

    @property
    def covered(self) -> bool:
        """Whether the role of whoever is here stops at tier T1: what lies above is blank, whole parts are refused."""
        return self.site.store.shown is not None

    def closed_fields(self, kind: str) -> frozenset[str]:
        """The fields of a kind of record that are blank for whoever is here."""
        if not self.covered:
            return frozenset()
        from villagedesk.services.restricted import covered

        return covered().columns.get(kind, frozenset())

    @property
    def author(self) -> str:
        """Who is at the keyboard."""
        return self.site.store.author

    @property
    def village(self) -> VillageDraft:
        """The village file."""
        return self.team.village()

    def recovery_sheet(self, key: str) -> bytes:
        """The PDF of the recovery key that :func:`create_desk` returned."""
        from villagedesk.services.recovery import recovery_sheet

        return recovery_sheet(key, self.village.name, platform.node(), self.site.store.clock())

    def close(self) -> None:
        """Let go of the desk; everything saved is on disk already."""
        self.place.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create_desk(
    folder: Path,
    passphrase: str,
    village: VillageDraft,
    *,
    author: str = "",
    clock: Clock = system_clock,
    ids: NewId = new_id,
    cost: Cost = STANDARD,
) -> tuple[Desk, str]:
    """A new desk for a village, and the recovery key to print. Raises Refused for an unknown profile or used folder."""
    profile = load_profile(village.profile)
    place, recovery = places.create(folder, places.DESK, passphrase, author, clock=clock, ids=ids, cost=cost)
    try:
        note_version(folder)
        founded = replace(village, profile=profile.id, profile_version=profile.version)
        with place.store.work("village.found", tr("the desk was set up")) as work:
            work.put_draft("village", village.code, founded)
        place.store.keep_setting("village", village.code)
        return _wire(_known_author(place)), recovery
    except BaseException:
        place.close()
        raise


def open_desk(
    folder: Path,
    passphrase: Passphrase,
    *,
    author: str = "",
    clock: Clock = system_clock,
    ids: NewId = new_id,
    user: str | None = None,
    take_over: bool = False,
) -> Desk:
    """Open a village desk, as ``user`` or whoever the passphrase belongs to.

    ``take_over``: a person said that the computer named by OpenElsewhere is not at work here any more. Raises
    Unreadable (wrong passphrase, no desk, damaged, newer) or Unavailable (locked).
    """
    if places.label(folder) != places.DESK:
        raise Unreadable(say("“{folder}” is a township's hub. Open it as a hub.", folder=folder.name))
    keep_before(folder, take_over=take_over)
    place = places.open_place(folder, passphrase, author, clock=clock, ids=ids, user=user, take_over=take_over)
    try:
        return _wire(_known_author(_on_its_day(place, clock)))
    except BaseException:
        place.close()
        raise


def is_hub(folder: Path) -> bool:
    """Whether a folder holds a hub. Raises Unreadable when it holds neither desk nor hub."""
    return places.label(folder) == places.HUB


def live_on(place: Place, day: date) -> None:
    """Let a desk of invented people always find itself on ``day``, so that its notices run and its visits are due."""
    place.store.keep_setting(_DAY, day.isoformat())


def _on_its_day(place: Place, clock: Clock) -> Place:
    day = place.store.setting(_DAY)
    if not day or clock is not system_clock:
        return place
    there = date.fromisoformat(day)
    return replace(place, store=replace(place.store, clock=lambda: _moved(clock(), there)))


def _moved(now: datetime, day: date) -> datetime:
    return datetime.combine(day, now.astimezone(CHINA).time(), CHINA).astimezone(UTC)


def _known_author(place: Place) -> Place:
    """The place under the name given now, or under the last one given."""
    if place.store.author:
        place.store.keep_setting("author", place.store.author)
        return place
    return replace(place, store=place.store.signed_by(str(place.store.setting("author", ""))))


def _wire(place: Place) -> Desk:
    if not Users(place).may(READ_RESTRICTED):
        from villagedesk.services.restricted import covered

        place = places.covered(place, covered())
    code = str(place.store.setting("village", ""))
    village = _village(place, code)
    profile = profile_of(village)
    site = Site(place.store, place.folder, place.key, code, profile, profile.codes)
    return Desk(place, site)


def _village(place: Place, code: str) -> VillageDraft:
    with place.store.read() as connection:
        found = load_where(connection, "village", RECORDS["village"].table.c.code == code)
    if not found:
        raise Unreadable(say("This desk has no village file. Restore the latest backup."))
    village: VillageDraft = next(iter(found.values()))
    return village
