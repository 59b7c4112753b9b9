"""A small desk on which things happen: three households, measures, a helper, a clock that a test moves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from tests.factories import VILLAGE, make_child, make_household, make_id_number, make_income, make_member, make_spouse
from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.drafts.team import HelperDraft, VillageDraft
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import CHINA
from villagedesk.store.wraps import Cost

PASSPHRASE = "three green hills"
TODAY = date(2019, 11, 10)
CHEAP = Cost(8, 1, 1)


@dataclass
class Clock:
    """A clock that stands where the test puts it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def to(self, day: date) -> None:
        self.now = datetime.combine(day, time(9), CHINA)


def clock_at(day: date) -> Clock:
    return Clock(datetime.combine(day, time(9), CHINA))


def family(no: str, place: int) -> HouseholdDraft:
    """Father, mother and daughter whose ID numbers nobody else has."""
    made = [make_member(name=f"王大{place}"), make_spouse(name=f"李秀{place}"), make_child(name=f"王思{place}")]
    members = [
        replace(
            each, person_no="", phone=f"1540000{place:02d}0{at}", id_number=make_id_number(each.birth, each.sex, place)
        )
        for at, each in enumerate(made)
    ]
    return make_household(no=no, members=tuple(members), state="0")


def make_desk(folder: Path, households: int = 3, day: date = TODAY) -> Desk:
    """A desk with so many families."""
    village = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", county="泗洪县", profile="jiangsu-2018")
    desk, _ = create_desk(folder, PASSPHRASE, village, author="周敏", clock=clock_at(day), cost=CHEAP)
    for place in range(1, households + 1):
        desk.households.save(family(f"20190000{place}", place), "visit")
    return desk


@pytest.fixture(scope="session")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three families; each with an income, a helper, and an agreed plan with a measure for the father under way."""
    folder = tmp_path_factory.mktemp("eventful") / "desk"
    with make_desk(folder) as desk:
        helper = desk.team.save_helper(HelperDraft(name="孙立"), "list").records["helper"][0]
        for household in desk.households.all():
            desk.households.save_income(make_income(household_id=household.id), "visit")
            desk.team.pair(household.id, helper, date(2019, 1, 5), "list")
            with desk.site.store.work("test", "plan") as work:
                plan = PlanDraft(household_id=household.id, year=2019, state="agreed", agreed_on=date(2019, 2, 1))
                plan_id = work.put_draft("plan", VILLAGE, plan)
                for state in ("active", "done"):
                    measure = MeasureDraft(household_id=household.id, plan_id=plan_id, state=state, content=state,
                                           member_id=household.members[0].id)  # fmt: skip
                    work.put_draft("measure", VILLAGE, measure, new_id=desk.site.store.ids())
    return folder


@pytest.fixture
def clock() -> Clock:
    return clock_at(TODAY)


@pytest.fixture
def desk(eventful: Path, tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """An open copy of the eventful desk."""
    shutil.copytree(eventful, tmp_path / "desk")
    with open_desk(tmp_path / "desk", PASSPHRASE, author="周敏", clock=clock) as opened:
        yield opened


@pytest.fixture
def families(desk: Desk) -> list[HouseholdDraft]:
    return list(desk.households.all())


def person(household: HouseholdDraft, relation: str) -> MemberDraft:
    """The living member with this relation to the head."""
    return next(member for member in household.living if member.relation == relation)


def contents(desk: Desk, kinds: tuple[str, ...] = ()) -> dict[str, dict[str, object]]:
    """Every record of the desk but events, without what means something on this machine only."""
    found = {}
    with desk.site.store.read() as connection:
        for kind in kinds or [kind for kind in RECORDS if kind != "event"]:
            for row in connection.execute(RECORDS[kind].table.select()).mappings():
                found[f"{kind} {row['id']}"] = {k: v for k, v in row.items() if k not in {"n", "revision"}}
    return found
