"""A small real desk, made once and copied for each test; and a story that carries its households along."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.factories import VILLAGE, YEAR, make_household, make_id_number, make_income, make_member
from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.exit import EvaluationDraft, SignatureDraft
from villagedesk.drafts.team import HelperDraft, VillageDraft
from villagedesk.policy.quorum import Vote
from villagedesk.services.site import CHINA
from villagedesk.store.wraps import Cost

PASSPHRASE = "three green hills"
TODAY = date(YEAR, 11, 10)
CHEAP = Cost(8, 1, 1)
NAMES = {"一组": "王建国", "二组": "赵大山", "十组": "钱长河"}


@dataclass
class TestClock:
    """A clock that stands where the test puts it."""

    __test__ = False
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def to(self, day: date) -> None:
        self.now = datetime.combine(day, time(9), CHINA)


def clock_at(day: date) -> TestClock:
    return TestClock(datetime.combine(day, time(9), CHINA))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three households with their incomes; the one of the tenth group was typed before that of the second."""
    folder = tmp_path_factory.mktemp("prepared") / "desk"
    village = VillageDraft(
        code=VILLAGE, name="沙洲村", township="柳河镇", county="泗洪县", profile="jiangsu-2018",
        notice_places="村务公开栏", phones="0527-00000001、0527-00000002", issuer="沙洲村村民委员会",
    )  # fmt: skip
    desk, _ = create_desk(folder, PASSPHRASE, village, author="周敏", clock=clock_at(TODAY), cost=CHEAP)
    with desk:
        for place, group in enumerate(("一组", "十组", "二组"), 1):
            head = make_member(name=NAMES[group], person_no=f"000000000{place}01", id_number=make_id_number(
                date(1975, 3, 15), place=place))  # fmt: skip
            others = make_household().members[1:]
            members = (head, *(replace(each, person_no="", id_number=make_id_number(
                each.birth, "2", place=place)) for each in others))  # fmt: skip
            draft = make_household(no=f"20190000{place}", group=group, members=members)
            household = desk.households.save(draft, "visit").records["household"][0]
            desk.households.save_income(make_income(household_id=household), "visit")
    return folder


@pytest.fixture
def clock() -> TestClock:
    return clock_at(TODAY)


@pytest.fixture
def desk(prepared: Path, tmp_path: Path, clock: TestClock) -> Iterator[Desk]:
    """An open copy of the prepared desk."""
    shutil.copytree(prepared, tmp_path / "desk")
    with open_desk(tmp_path / "desk", PASSPHRASE, author="周敏", clock=clock) as opened:
        yield opened


def words(rendered) -> str:
    """What a rendered paper says, without blanks."""
    return "".join("".join(rendered.texts).split())


def drafted(desk: Desk, kind: str, day: date) -> str:
    """A notice of everything that waits for this kind, hanging from ``day``."""
    ids = desk.posting.waiting(kind, desk.site.today().year)
    assert ids, kind
    notice = desk.notices.draft(kind, desk.site.today().year, ids, "drafted").records["notice"][0]
    desk.notices.plan_days(notice, day, "days")
    return notice


@dataclass
class Story:
    """Carries cases along their procedure as people would, day by day."""

    desk: Desk
    clock: TestClock

    @property
    def today(self) -> date:
        return self.clock().date()

    def cases(self) -> list[str]:
        """Cases of all three households, listed; each has a helper, their incomes are locked."""
        households = self.desk.households.all()
        helper = self.desk.team.save_helper(HelperDraft(name="吴刚", unit="县水务局"), "named").records["helper"][0]
        for household in households:
            self.desk.team.pair(household.id, helper, date(YEAR, 1, 1), "agreed")
            (income,) = self.desk.households.incomes(household.id)
            self.desk.households.lock_income(income.id, "signed at home")
        ids = [household.id for household in households]
        cases = self.desk.exits.propose(YEAR, ids, "list of the year").records["exit"]
        self.desk.exits.take(cases, "list", "decided")
        return list(cases)

    def verify(self, cases: list[str]) -> None:
        for case in cases:
            self.desk.exits.record_checks(case, self.today, "周敏、吴刚", (), "visit")
        self.desk.exits.take(cases, "verify", "visit")

    def evaluate(self, cases: list[str], agree: int = 20) -> None:
        meeting = EvaluationDraft(
            year=YEAR, held_on=self.today, place="村部", chair="张平", recorder="李静", due=30, present=24
        )
        votes = {case: Vote(30, 24, agree, 24 - agree) for case in cases}
        self.desk.exits.evaluate(meeting, votes, "meeting")
        self.desk.exits.take(cases, "evaluate", "meeting")

    def agree(self, cases: list[str]) -> None:
        for case in cases:
            self.desk.exits.answer(case, "agrees", self.today, "", "visit")
        self.desk.exits.take(cases, "acknowledge", "visit")

    def marks(self, days: int = 1) -> list[SignatureDraft]:
        """A complete sheet, ``days`` between one signer and the next; the clock goes along."""
        made, roles = [], list(self.desk.exits.scheme.preset.roles)
        first = self.today
        for cell in self.desk.exits.scheme.cells:
            at = first + timedelta(days=days * roles.index(cell.role.key))
            made.append(SignatureDraft(role=cell.role.key, item=cell.item.key, person=f"人{cell.role.key}",
                                       signed_on=at, mark=cell.role.marks[0]))  # fmt: skip
        self.clock.to(max(mark.signed_on for mark in made if mark.signed_on))
        return made

    def signed(self) -> list[str]:
        """All three cases with complete sheets."""
        cases = self.cases()
        self.verify(cases)
        self.evaluate(cases)
        self.agree(cases)
        marks = self.marks()
        for case in cases:
            self.desk.exits.sign(case, marks, "signing day")
        self.desk.exits.take(cases, "sign", "signing day")
        return cases

    def posted(self) -> tuple[list[str], str]:
        """All three on a notice that hangs since today."""
        cases = self.signed()
        notice = self.desk.notices.draft("exit", YEAR, cases, "notice").records["notice"][0]
        self.desk.notices.plan_days(notice, self.today, "notice")
        self.desk.papers.print("exit_notice", [notice], "notice")
        self.desk.notices.post(notice, self.today, "村务公开栏", "张平", "posted")
        return cases, notice

    def exited(self) -> tuple[list[str], str]:
        """All three marked as exited."""
        cases, notice = self.posted()
        self.clock.to(self.desk.notices.get(notice).ends_on + timedelta(days=1))
        self.desk.notices.close(notice, "未收到异议", "days over")
        self.desk.exits.take(cases, "report", "reported", reported_on=self.today)
        self.clock.to(self.today + timedelta(days=3))
        reply = {"township_reply": "柳政发〔2019〕30号", "replied_on": self.today}
        self.desk.exits.take(cases, "approve", "reply", **reply)
        self.desk.exits.take(cases, "announce", "reply", announced_on=self.today)
        self.desk.exits.take(cases, "mark", "system", marked_on=self.today)
        return cases, notice


@pytest.fixture
def story(desk: Desk, clock: TestClock) -> Story:
    return Story(desk, clock)


@pytest.fixture
def reopen(tmp_path: Path, clock: TestClock) -> Callable[[Desk], Desk]:
    """Closes a desk and opens it again, as on the next day."""

    def again(desk: Desk) -> Desk:
        desk.close()
        return open_desk(tmp_path / "desk", PASSPHRASE, author="周敏", clock=clock)

    return again
