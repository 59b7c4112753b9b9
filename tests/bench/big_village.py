"""A village of any size with work on file, made in one transaction each: what a window at 1,500 households is held to.

The demonstration saves household by household, as a team does; at 1,500 that takes an hour. Here the same records are
written many at a time: files, helpers, pairings, statements, plans, visits, watched households, a year's list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tests.bench.bench_scale import batches, rows_of
from ui.doors import DEMO_PASSPHRASE
from villagedesk.demo.households import GeneratedHousehold
from villagedesk.demo.roster import write_roster
from villagedesk.demo.stage import DemoClock
from villagedesk.demo.village import GeneratedVillage, generate, stream
from villagedesk.desk import Desk, create_desk, live_on
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.drafts.team import PairingDraft, VisitDraft
from villagedesk.services.exits import EXITED
from villagedesk.services.site import CHINA
from villagedesk.store.work import Work

PROFILE = "jiangsu-2018+post-2021"
LISTED, PROPOSED, WATCHED = 300, 300, 30
"""How many households stand on the year's list, how many are to be checked for it, and how many are watched."""


def big_village(folder: Path, households: int) -> Path:
    """Make the village in ``folder`` with its ``roster.xlsx``; returns the folder of its desk."""
    village = generate(PROFILE, households, 1)
    write_roster(village, folder / "roster.xlsx", "full")
    clock = DemoClock(datetime.combine(village.today, time(9), CHINA))
    desk, _ = create_desk(folder / "desk", DEMO_PASSPHRASE, village.file, author="bench", clock=clock)
    with desk:
        desk.rosters.take(desk.rosters.preview(folder / "roster.xlsx", year=village.today.year), "bench")
        fill(desk, village)
        live_on(desk.place, village.today)
    return folder / "desk"


def next_roster(file: Path, households: int) -> Path:
    """A list of as many other households, for an import."""
    write_roster(generate(PROFILE, households, 2), file, "full")
    return file


def long_list(folder: Path, households: int) -> Path:
    """A desk with nothing but files in it, as many as a county has; returns its folder."""
    village = generate(PROFILE, 1, 1)
    clock = DemoClock(datetime.combine(village.today, time(9), CHINA))
    desk, _ = create_desk(folder / "desk", DEMO_PASSPHRASE, village.file, author="bench", clock=clock)
    with desk:
        for number, batch in enumerate(batches(stream(PROFILE, households, 1))):
            with desk.site.store.work("roster.import", "bench") as work:
                for kind, rows in rows_of(f"{number:05d}", batch).items():
                    work.insert_many(kind, desk.site.village, rows)
        desk.lists.pay_search()
        live_on(desk.place, village.today)
    return folder / "desk"


def fill(desk: Desk, village: GeneratedVillage) -> None:
    """Write what a year of work leaves in the files, and put ``LISTED`` households on the year's list."""
    helpers = [desk.team.save_helper(each, "bench").records["helper"][0] for each in village.staff.helpers]
    for member in village.staff.team:
        desk.team.save_member(member, "bench")
    ids = {row.no: row.id for row in desk.lists.household_rows(desk.lists.household_ids(None, "group"))}
    homes = [(ids[each.draft.no], each) for each in village.households if each.draft.no in ids]
    with desk.site.store.work("bench", "bench") as work:
        for place, (home, each) in enumerate(homes):
            pairing = PairingDraft(household_id=home, helper_id=helpers[place % len(helpers)], starts_on=_day(village))
            work.put_draft("pairing", desk.site.village, pairing, new_id=desk.site.store.ids())
            _write(desk, work, village, home, each)
    planned = [home for home, each in homes if each.draft.state != EXITED][: LISTED + PROPOSED]
    year = village.today.year
    cases = desk.exits.propose(year, planned, "bench").records["exit"]
    desk.exits.take(cases[:LISTED], "list", "bench")
    for home, _each in homes[-WATCHED:]:
        clue = MonitoringDraft(
            household_id=home, clue_source="visit", found_on=_day(village), kind="2", risks=("05",), contact="李工"
        )  # fmt: skip
        desk.monitoring.open(clue, "bench")


def _write(desk: Desk, work: Work, village: GeneratedVillage, home: str, each: GeneratedHousehold) -> None:
    ids, code, year = desk.site.store.ids, desk.site.village, village.today.year
    for income in each.incomes:
        work.put_draft("income", code, replace(income, household_id=home, locked_on=None), new_id=ids())
    plan = PlanDraft(household_id=home, year=year, goals="收入稳定，生活有保障", responsible="李工")
    plan_id = work.put_draft("plan", code, plan, new_id=ids())
    for measure in _measures(desk, each, date(year, 12, 31)):
        work.put_draft("measure", code, replace(measure, plan_id=plan_id, household_id=home), new_id=ids())
    for visit in _visits(village, home):
        work.put_draft("visit", code, visit, new_id=ids())


def _measures(desk: Desk, each: GeneratedHousehold, due: date) -> Iterator[MeasureDraft]:
    categories: Sequence[str] = [key for key, found in desk.profile.measures.items() if found.for_household]
    for place, offer in enumerate(each.offers):
        yield MeasureDraft(
            category=categories[place % len(categories)], cause=offer.cause, content=offer.text,
            responsible="李工", amount=offer.amount, source=offer.source, due_on=due,
        )  # fmt: skip


def _visits(village: GeneratedVillage, home: str) -> Iterator[VisitDraft]:
    for ago in (20, 50):
        day = village.today - timedelta(days=ago)
        yield VisitDraft(household_id=home, visitor=village.staff.team[0].name, visited_on=day, heard="一切正常")


def _day(village: GeneratedVillage) -> date:
    return village.today - timedelta(days=30)
