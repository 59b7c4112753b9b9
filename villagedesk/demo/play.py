"""The main job on a generated village, end to end: roster in, plans, exits with signatures, papers, township, receipt.

Everything goes through the services that a person uses; only the clock is moved on, because a notice hangs for days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from villagedesk.demo.households import GeneratedHousehold
from villagedesk.demo.roster import write_roster
from villagedesk.demo.village import GeneratedVillage, generate
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.exit import EvaluationDraft, SignatureDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.durable import write_whole
from villagedesk.errors import Refused
from villagedesk.hub import Hub, create_hub
from villagedesk.policy.quorum import Vote
from villagedesk.services.exits import ExitRow
from villagedesk.services.site import CHINA
from villagedesk.text import Text, say

AUTHOR = "demo"
_DAYS = 40  # how long before the village's day the work begins
_REASON = "demonstration"
_DUE, _PRESENT = 45, 38


@dataclass
class DemoClock:
    """A clock that stands until it is told to go on."""

    now: datetime

    def __call__(self) -> datetime:
        """The time it stands at."""
        return self.now

    def to(self, day: date) -> None:
        """Go on to nine in the morning of ``day``; never back."""
        self.now = max(self.now, datetime.combine(day, time(9), CHINA))


@dataclass
class Made:
    """What the demonstration made, for the command to print."""

    folder: Path
    households: int = 0
    members: int = 0
    plans: int = 0
    exited: int = 0
    held_back: list[str] = field(default_factory=list)  # household numbers whose exit the procedure refused
    papers: list[Path] = field(default_factory=list)
    pages: int = 0
    send_file: Path | None = None
    reply_file: Path | None = None
    hub_status: str = ""


def play(
    folder: Path, passphrase: str, profile: str, households: int, seed: int, step: Callable[[Text, int, int], None]
) -> Made:
    """Play the whole story into ``folder``, which is there and empty. ``step`` is told (what, done, total)."""
    made = Made(folder)
    village = generate(profile, households, seed)
    roster = folder / "roster.xlsx"
    write_roster(village, roster, "full")
    clock = DemoClock(datetime.combine(village.today - timedelta(days=_DAYS), time(9), CHINA))
    desk, recovery = create_desk(folder / "desk", passphrase, village.file, author=AUTHOR, clock=clock)
    with desk:
        story = _Story(desk, village, clock, made, step)
        story.set_up(roster, recovery)
        story.plan()
        story.leave()
        story.to_township(passphrase)
        story.print_all()
    return made


class _Story:
    """One run of the story on an open desk."""

    def __init__(
        self,
        desk: Desk,
        village: GeneratedVillage,
        clock: DemoClock,
        made: Made,
        step: Callable[[Text, int, int], None],
    ) -> None:
        self._desk, self._village, self._clock, self._made = desk, village, clock, made
        self._step = step
        self._start = clock().date()
        self._year = village.today.year
        self._papers = made.folder / "papers"
        self._papers.mkdir()

    def set_up(self, roster: Path, recovery: str) -> None:
        """Import the roster; helpers, pairings and the team; this and last year's income statements."""
        desk, made = self._desk, self._made
        write_whole(made.folder / "recovery.pdf", [desk.recovery_sheet(recovery)])
        self._step(say("importing the roster"), 0, 1)
        preview = desk.rosters.preview(roster, year=self._year)
        desk.rosters.take(preview, roster.name)
        made.households, made.members = preview.households["new"], preview.members["new"]
        helpers = [next(iter(desk.team.save_helper(h, _REASON).records["helper"])) for h in self._village.staff.helpers]
        for member in self._village.staff.team:
            desk.team.save_member(member, _REASON)
        for place, each in self._counted(say("entering income statements")):
            household = desk.households.by_no(each.draft.no)
            helper = helpers[self._village.staff.helpers.index(self._village.helper_of(place))]
            desk.team.pair(household.id, helper, self._start, _REASON)
            for income in each.incomes:
                change = desk.households.save_income(
                    replace(income, household_id=household.id, locked_on=None), _REASON
                )
                if income.year < self._year or each.story.planned_now:
                    desk.households.lock_income(change.records["income"][0], _REASON)

    def plan(self) -> None:
        """Ask each household what it wishes, draw up its plan and have it agree."""
        for place, each in self._counted(say("drawing up plans")):
            household = self._desk.households.by_no(each.draft.no)
            wishes = [self._wish(household.id, household.members, each, n) for n in range(len(each.offers))]
            for wish in wishes:
                if wish is not None:
                    self._desk.plans.save_wish(wish, _REASON)
            helper = self._village.helper_of(place).name
            change = self._desk.plans.save(self._plan(household.id, household.members, each, helper), _REASON)
            plan_id = change.records["plan"][0]
            if not self._desk.plans.check(self._desk.plans.get(plan_id)):
                head = household.head.name if household.head else ""
                self._desk.plans.agree(plan_id, head, self._start, "", _REASON)
                self._made.plans += 1

    def leave(self) -> None:
        """Carry the households planned for this year through the exit; those who do not qualify are held back."""
        exits = self._desk.exits
        planned = [each for each in self._village.households if each.story.planned_now]
        ids = [self._desk.households.by_no(each.draft.no).id for each in planned]
        self._step(say("checking who can exit"), 0, 1)
        cases = exits.propose(self._year, ids, _REASON).records["exit"]
        exits.take(cases, "list", _REASON)
        going = self._verify(cases)
        self._evaluate(going)
        for done, case_id in enumerate(going):
            self._step(say("collecting signatures"), done, len(going))
            self._sign(exits.row(case_id), done)
        exits.take(going, "sign", _REASON)
        self._post(going)

    def to_township(self, passphrase: str) -> None:
        """Send the file, let the township take it in and reply, mark the exits, send again, fetch the receipt."""
        division = self._village.division
        self._step(say("sending to the township"), 0, 1)
        hub, _ = create_hub(
            self._made.folder / "hub",
            passphrase,
            division.township,
            division.code[:9],
            author="township",
            clock=self._clock,
        )
        stick = self._made.folder / "stick"
        stick.mkdir()
        with hub:
            self._desk.sync.join(hub.township.invite(division.code, stick), "demo")
            self._exchange(hub, stick)
            self._township_replies(hub)
            self._receive(hub, stick)
            self._mark()
            self._exchange(hub, stick)
            self._receive(hub, stick)
        status = self._desk.sync.status()
        self._made.hub_status = "accepted" if not status.unsent and status.hub_totals == status.totals else "different"

    def print_all(self) -> None:
        """The notices, the papers of those who exit, and volumes for all households."""
        year, papers = self._year, self._desk.papers
        for kind in ("exit_announcement", "evaluation_minutes", "blank_household_form"):
            self._print(kind, papers.subjects(kind, year))
        exits = [row for row in self._desk.exits.of_year(year) if row.household.exited_year]
        ids = [row.household.id for row in exits]
        for kind in ("exit_record", "income_sheet", "signoff_sheet"):
            if ids:
                self._print(kind, papers.subjects(kind, year, ids))
        for kind in ("household_file", "plan_sheet", "card"):
            self._volume(kind, papers.subjects(kind, year))

    def _counted(self, what: Text) -> Iterator[tuple[int, GeneratedHousehold]]:
        households = self._village.households
        for place, each in enumerate(households):
            self._step(what, place, len(households))
            yield place, each

    def _wish(self, household_id: str, members: Sequence[object], each: GeneratedHousehold, n: int) -> WishDraft | None:
        offer = each.offers[n]
        if not offer.wish and n:
            return None
        member = self._member(members, offer.member)
        rule = self._desk.profile.wishes.get(offer.wish or "99")
        return WishDraft(
            household_id=household_id,
            member_id=member,
            kind=offer.wish or "99",
            asked_on=self._start - timedelta(days=10),
            asked_by=self._village.staff.team[0].name,
            second_asker=self._village.staff.team[1].name,
            place="家中",
            language="汉语",
            alternatives=offer.alternatives or "无需离开本村",
            answer=offer.answer or "1",
            own_words=offer.own_words or "愿意",
            mark="signature",
            copy_given=True,
            cooling_days=rule.cooling_days if rule else 7,
        )

    def _plan(self, household_id: str, members: Sequence[object], each: GeneratedHousehold, helper: str) -> PlanDraft:
        measures = tuple(
            MeasureDraft(
                member_id=self._member(members, offer.member),
                category=self._category(offer.family, offer.cause),
                wish_kind=offer.wish,
                cause=offer.cause,
                content=offer.text,
                responsible=helper,
                amount=offer.amount,
                source=offer.source,
                due_on=date(self._year, 12, 31),
            )
            for offer in each.offers
            if offer.wanted
        )
        livelihood = next((measure.content for measure in measures if measure.cause not in {"01", "02"}), "")
        return PlanDraft(
            household_id=household_id,
            year=self._year,
            livelihood=livelihood,
            goals="收入稳定，生活有保障",
            responsible=helper,
            measures=measures,
        )

    def _category(self, family: str, cause: str) -> str:
        categories = self._desk.profile.measures
        fitting = [key for key, found in categories.items() if found.for_household]
        by_family = [key for key in fitting if family in categories[key].families or family == key]
        by_cause = [key for key in fitting if cause in categories[key].causes]
        return next(iter([*by_family, *by_cause, *fitting]))

    def _member(self, members: Sequence[object], place: int | None) -> str:
        return getattr(members[place or 0], "id", "") if members else ""

    def _verify(self, cases: Sequence[str]) -> list[str]:
        """Visit everybody; who meets all hard criteria goes on, the others are returned with the reason."""
        exits, going = self._desk.exits, []
        for done, case_id in enumerate(cases):
            self._step(say("checking who can exit"), done, len(cases))
            visitor = self._village.staff.team[0].name
            exits.record_checks(case_id, self._start, visitor, (), _REASON)
            try:
                exits.take([case_id], "verify", _REASON)
                going.append(case_id)
            except Refused as refusal:
                row = exits.row(case_id)
                self._made.held_back.append(row.household.no)
                exits.take([case_id], "return", str(refusal.problems[0].text.render("zh_CN")))
        return going

    def _evaluate(self, going: Sequence[str]) -> None:
        held = self._start + timedelta(days=3)
        self._clock.to(held)
        committee = self._village.staff.committee
        meeting = EvaluationDraft(
            year=self._year,
            held_on=held,
            place="村委会会议室",
            chair=committee[0],
            recorder=committee[2],
            due=_DUE,
            present=_PRESENT,
        )
        votes = {case_id: Vote(_DUE, _PRESENT, _PRESENT - n % 3, n % 3) for n, case_id in enumerate(going)}
        self._desk.exits.evaluate(meeting, votes, _REASON)
        if going:
            self._desk.exits.take(going, "evaluate", _REASON)

    def _sign(self, row: ExitRow, place: int) -> None:
        """Have the household agree and the signers mark the sheet, a day later each."""
        exits, first = self._desk.exits, self._start + timedelta(days=4)
        exits.answer(row.case.id, "agrees", first, "", _REASON)
        exits.take([row.case.id], "acknowledge", _REASON)
        marks = []
        for n, cell in enumerate(exits.scheme.cells):
            level = list(exits.scheme.preset.roles).index(cell.role.key)
            day = first + timedelta(days=level)
            self._clock.to(day)
            marks.append(
                SignatureDraft(
                    role=cell.role.key,
                    item=cell.item.key,
                    person=self._signer(row, cell.role.level),
                    signed_on=day,
                    mark=_mark(cell.role.marks, place + n),
                )
            )
        exits.sign(row.case.id, marks, _REASON)

    def _signer(self, row: ExitRow, level: str) -> str:
        staff = self._village.staff
        place = next(n for n, each in enumerate(self._village.households) if each.draft.no == row.household.no)
        names: Mapping[str, str] = {
            "household": row.household.head.name if row.household.head else "",
            "helper": self._village.helper_of(place).name,
            "group": staff.group_heads.get(row.household.group, staff.committee[3]),
            "village": staff.committee[0],
            "team": staff.team[0].name,
            "township": staff.committee[4],
        }
        return names[level]

    def _post(self, going: Sequence[str]) -> None:
        """Print and post the notice, wait for its days to pass, write down the result, report."""
        notices, exits = self._desk.notices, self._desk.exits
        if not going:
            return
        notice_id = notices.draft("exit", self._year, going, _REASON).records["notice"][0]
        day = self._clock().date() + timedelta(days=1)
        notices.plan_days(notice_id, day, _REASON)
        self._print("exit_notice", [notice_id])
        self._clock.to(day)
        place = self._desk.village.notice_places.split("、")[0] or "村务公开栏"
        notices.post(notice_id, day, place, self._village.staff.committee[1], _REASON)
        exits.take(going, "post", _REASON)
        ends_on = notices.get(notice_id).ends_on or day
        self._clock.to(ends_on + timedelta(days=1))
        notices.close(notice_id, "公示期满，未收到异议。", _REASON)
        exits.take(going, "report", _REASON, reported_on=self._clock().date())

    def _township_replies(self, hub: Hub) -> None:
        reply = f"{self._desk.village.township[:1]}政发〔{self._year}〕{len(self._village.households) % 90 + 1}号"
        for row in self._desk.exits.of_year(self._year):
            if row.case.state == "reported":
                values = {"township_reply": reply, "replied_on": self._clock().date()}
                hub.township.act(self._village.division.code, "exit.reply", _REASON, "exit", row.case.id, values)

    def _mark(self) -> None:
        """The township has agreed: announce, and mark the households as exited."""
        going = [row.case.id for row in self._desk.exits.of_year(self._year) if row.case.township_reply]
        today = self._clock().date()
        if not going:
            return
        self._desk.exits.take(going, "approve", _REASON)
        self._desk.exits.take(going, "announce", _REASON, announced_on=today)
        self._desk.exits.take(going, "mark", _REASON, marked_on=today)
        self._made.exited = len(going)

    def _exchange(self, hub: Hub, stick: Path) -> None:
        self._made.send_file = self._desk.sync.send(stick).path
        results = hub.township.receive([self._made.send_file])
        if any(result.status != "accepted" for result in results):
            raise Refused(results[0].reason or say("The township did not take the file."))

    def _receive(self, hub: Hub, stick: Path) -> None:
        self._clock.now += timedelta(hours=1)
        self._made.reply_file = hub.township.reply(stick)[0].path
        self._desk.sync.receive(self._made.reply_file)

    def _print(self, kind: str, subjects: Sequence[str]) -> None:
        papers = self._desk.papers
        what = say("printing papers")
        printed = papers.print(kind, subjects, _REASON, step=lambda done, total: self._step(what, done, total))
        for subject, paper in zip(subjects, printed, strict=True):
            self._keep(papers.file_name(kind, subject, self._year), paper.rendered.pdf, paper.rendered.pages)

    def _volume(self, kind: str, subjects: Sequence[str]) -> None:
        what = say("printing papers")
        volume = self._desk.papers.preview(kind, subjects, step=lambda done, total: self._step(what, done, total))
        self._keep(f"{kind}-{self._year}.pdf", volume.pdf, volume.pages)

    def _keep(self, name: str, pdf: bytes, pages: int) -> None:
        path = self._papers / name
        write_whole(path, [pdf])
        self._made.papers.append(path)
        self._made.pages += pages


def _mark(kinds: Sequence[str], n: int) -> str:
    """A signature, now and then a handprint where the scheme allows one."""
    return "handprint" if "handprint" in kinds and n % 7 == 3 else kinds[0]
