"""The main job on a generated village, end to end: roster in, plans, exits with signatures, papers, township, receipt.

Everything goes through the services that a person uses; only the clock is moved on, because a notice hangs for days.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from villagedesk.demo.affairs import Affairs
from villagedesk.demo.entering import Entering
from villagedesk.demo.exchanging import Exchanging
from villagedesk.demo.leaving import Leaving
from villagedesk.demo.roster import write_roster
from villagedesk.demo.stage import DemoClock, Made, Stage, Watch
from villagedesk.demo.village import generate
from villagedesk.demo.visiting import Visiting
from villagedesk.desk import create_desk, live_on
from villagedesk.services.site import CHINA

AUTHOR = "demo"
_DAYS = 40  # how long before the village's day the work begins


def play(folder: Path, passphrase: str, profile: str, households: int, seed: int, step: Watch) -> Made:
    """Play the whole story into ``folder``, which is there and empty. ``step`` is told (what, done, total)."""
    village = generate(profile, households, seed)
    roster = folder / "roster.xlsx"
    write_roster(village, roster, "full")
    start = village.today - timedelta(days=_DAYS)
    clock = DemoClock(datetime.combine(start, time(9), CHINA))
    papers = folder / "papers"
    papers.mkdir()
    phones = f"{village.file.phones}、{village.staff.team[0].phone}"  # the office's, and one for complaints
    file = replace(village.file, phones=phones)
    desk, recovery = create_desk(folder / "desk", passphrase, file, author=AUTHOR, clock=clock)
    with desk:
        stage = Stage(desk, village, clock, Made(folder), step, start, papers)
        entering = Entering(stage)
        entering.set_up(roster, recovery)
        entering.plan()
        affairs = Affairs(stage)
        affairs.enter()
        visiting = Visiting(stage)
        visiting.visit()
        visiting.write_days()
        visiting.carry_out()
        visiting.hear()
        Leaving(stage).leave()
        affairs.post()
        Exchanging(stage).to_township(passphrase)
        _print_all(stage)
        live_on(desk.place, clock().astimezone(CHINA).date())
    return stage.made


def _print_all(stage: Stage) -> None:
    """The notices, the papers of those who exit, and volumes for all households."""
    year, papers = stage.year, stage.desk.papers
    for kind in ("exit_announcement", "evaluation_minutes", "blank_household_form"):
        stage.print(kind, papers.subjects(kind, year))
    exits = [row for row in stage.desk.exits.of_year(year) if row.household.exited_year]
    ids = [row.household.id for row in exits]
    for kind in ("exit_record", "income_sheet", "signoff_sheet"):
        if ids:
            stage.print(kind, papers.subjects(kind, year, ids))
    for kind in ("household_file", "plan_sheet", "card"):
        stage.volume(kind, papers.subjects(kind, year))
