"""Whatever happens to a village, counts, heads, year-end lists and reports agree (issue 2).

Events come in any order, some entered late for an earlier day, some undone, some undone and done again. A verb or an
undo either does all of it or refuses and changes nothing; the last step is never refused its undo.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.core.events.conftest import clock_at, contents, make_desk
from tests.factories import make_child, make_member
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Refused
from villagedesk.records.load import load
from villagedesk.records.schema import derived_id
from villagedesk.services.event_report import Report
from villagedesk.services.events import Afterwards, Occasion
from villagedesk.store.work import Change

START = date(2019, 3, 1)
PICK = st.integers(0, 1000)
LATE = st.sampled_from([0, 0, 0, 10, 40])  # days between the event and its entry

Homes = dict[str, set[str]]
Heads = dict[str, str]


@dataclass(frozen=True)
class Step:
    """An act with what it made of the households it concerned: household → persons and head, before and after."""

    act: str
    year: int
    before: dict[str, tuple[frozenset[str], str]]
    after: dict[str, tuple[frozenset[str], str]]

    def back(self, act: str) -> Step:
        return Step(act, self.year, self.after, self.before)


class VillageYears(RuleBasedStateMachine):
    """Events in random order over some years; the model knows only who lives where and who heads what."""

    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.today = START
        self.numbers = count(1)
        self.clock = clock_at(START)
        self.desk: Desk = make_desk(self.folder / "desk", 3, START)
        object.__setattr__(self.desk.site.store, "clock", self.clock)
        self.homes: Homes = {h.id: {m.id for m in h.living} for h in self.desk.households.all()}
        self.heads: Heads = {h.id: h.head.id for h in self.desk.households.all()}
        self.year_ends: dict[int, tuple[Homes, Heads]] = {START.year - 1: self.copy()}
        self.frozen: dict[int, tuple[str, dict[str, set[str]], dict[str, str]]] = {}
        self.steps: list[Step] = []

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()
            shutil.rmtree(self.folder)

    def do(
        self, verb: Callable[[], Change], homes: Homes, heads: Heads, late: int = 0, into: str = ""
    ) -> Change | None:
        """Do ``verb``, which makes ``homes`` and ``heads`` of the model; None when it was too late for the day.

        ``into``: the household of newcomers, who get their ids only now.
        """
        before = contents(self.desk)
        try:
            change = verb()
        except Refused:
            assert late
            assert contents(self.desk) == before
            return None
        with self.desk.site.store.read() as connection:
            (event,) = load(connection, "event", change.records["event"]).values()
        if into:
            homes[into] |= set(event.member_ids)
        touched = {event.household_id, event.other_id} - {""}
        self.take(Step(change.act, event.year, self.of(touched), {}), touched, homes, heads)
        return change

    def take(self, step: Step, touched: set[str], homes: Homes, heads: Heads) -> None:
        """Let the model follow, and the year-ends behind a step that was entered late."""
        for year, standing in self.year_ends.items():
            if year >= step.year:
                for household_id in touched:
                    self.mend(household_id, standing, homes, heads)
        self.homes, self.heads = homes, heads
        self.steps.append(Step(step.act, step.year, step.before, self.of(touched)))

    def mend(self, household_id: str, standing: tuple[Homes, Heads], homes: Homes, heads: Heads) -> None:
        """Do to an old standing of a household what the step did to today's."""
        old, new = self.homes.get(household_id, set()), homes.get(household_id)
        if new is None:
            standing[0].pop(household_id, None)
            standing[1].pop(household_id, None)
            return
        then = standing[0].setdefault(household_id, set())
        then -= old - new
        then |= new - old
        if heads[household_id] != self.heads.get(household_id):
            standing[1][household_id] = heads[household_id]

    def of(self, households: set[str]) -> dict[str, tuple[frozenset[str], str]]:
        return {h: (frozenset(self.homes[h]), self.heads[h]) for h in households if h in self.homes}

    def copy(self) -> tuple[Homes, Heads]:
        return {h: set(members) for h, members in self.homes.items()}, dict(self.heads)

    def household(self, pick: int, least: int = 1) -> HouseholdDraft | None:
        found = sorted(h for h, members in self.homes.items() if len(members) >= least)
        return self.desk.households.get(found[pick % len(found)]) if found else None

    def when(self, late: int, code: str = "") -> Occasion:
        return Occasion(self.today - timedelta(days=late), code, note=f"第{next(self.numbers)}次")

    def succession(self, household: HouseholdDraft, gone: set[str], pick: int) -> Afterwards:
        staying = sorted(m.id for m in household.living if m.id not in gone)
        if not staying or household.head.id not in gone:
            return Afterwards()
        return self.heir(household, staying[pick % len(staying)])

    def heir(self, household: HouseholdDraft, head: str) -> Afterwards:
        kin = self.desk.events.relations(household.id, head)
        return Afterwards(head, {each.member_id: "99" for each in kin if each.asked})

    def without(self, household_id: str, gone: set[str], then: Afterwards) -> tuple[Homes, Heads]:
        homes, heads = self.copy()
        homes[household_id] -= gone
        if then.head_id:
            heads[household_id] = then.head_id
        if not homes[household_id]:
            del homes[household_id], heads[household_id]
        return homes, heads

    @rule(pick=PICK, kind=st.sampled_from(["birth", "marriage_in", "moved_in"]), late=LATE)
    def somebody_comes(self, pick: int, kind: str, late: int) -> None:
        household, when = self.household(pick), self.when(late)
        name = f"王{next(self.numbers)}"
        child = make_child(name=name, id_number="", person_no="", birth=when.on, relation="03" if pick % 2 else "04",
                           sex="1" if pick % 2 else "2")  # fmt: skip
        adult = make_member(name=name, id_number="", person_no="", relation="99")
        events = self.desk.events
        verbs: dict[str, Callable[[], Change]] = {
            "birth": lambda: events.birth(household.id, child, when),
            "marriage_in": lambda: events.marriage_in(household.id, adult, when),
            "moved_in": lambda: events.moved_in(household.id, [adult, replace(adult, name=name + "二")], when),
        }
        self.do(verbs[kind], *self.copy(), late, household.id)

    @rule(pick=PICK, kind=st.sampled_from(["death", "marriage_out", "moved_out"]), late=LATE)
    def somebody_goes(self, pick: int, kind: str, late: int) -> None:
        household = self.household(pick, 2)
        if household is None:
            return
        member = sorted(self.homes[household.id])[pick % len(self.homes[household.id])]
        then = self.succession(household, {member}, pick)
        persons = [member] if kind == "moved_out" else member
        verb = getattr(self.desk.events, kind)
        after = self.without(household.id, {member}, then)
        self.do(lambda: verb(household.id, persons, self.when(late), then), *after, late)

    @rule(pick=PICK, kind=st.sampled_from(["died out", "left_village", "removed"]), late=LATE)
    @precondition(lambda self: len(self.homes) > 2)
    def household_ends(self, pick: int, kind: str, late: int) -> None:
        household, events = self.household(pick), self.desk.events
        members = set(self.homes[household.id])
        verbs: dict[str, Callable[[], Change]] = {
            "left_village": lambda: events.left_village(household.id, self.when(late)),
            "removed": lambda: events.removed(household.id, self.when(late, "99")),
            "died out": lambda: events.moved_out(household.id, members, self.when(late), Afterwards(closing="01")),
        }
        self.do(verbs[kind], *self.without(household.id, members, Afterwards()), late)

    @rule(pick=PICK, other=PICK, close=st.booleans(), late=LATE)
    @precondition(lambda self: len(self.homes) > 2)
    def moves_within(self, pick: int, other: int, close: bool, late: int) -> None:
        household, target = self.household(pick), self.household(other)
        if household.id == target.id:
            return
        whole = close or len(self.homes[household.id]) == 1
        movers = set(self.homes[household.id]) if whole else {sorted(self.homes[household.id])[pick % 2]}
        then = Afterwards(closing="99") if whole else self.succession(household, movers, pick)
        relations = dict.fromkeys(sorted(movers), "99")
        homes, heads = self.without(household.id, movers, then)
        homes[target.id] |= movers
        verb = self.desk.events.moved_within
        self.do(lambda: verb(household.id, target.id, relations, self.when(late), then), homes, heads, late)

    @rule(pick=PICK, late=LATE)
    def splits(self, pick: int, late: int) -> None:
        household = self.household(pick, 2)
        if household is None:
            return
        ids = sorted(self.homes[household.id])
        movers = {i for at, i in enumerate(ids) if (pick >> at) & 1} or {ids[0]}
        movers = movers if len(movers) < len(ids) else movers - {ids[0]}
        head = sorted(movers)[0]
        kin = self.desk.events.relations(household.id, head)
        answers = {each.member_id: "99" for each in kin if each.asked}
        then = self.succession(household, movers, pick)
        founded = HouseholdDraft(no=f"2020{next(self.numbers):05d}")
        homes, heads = self.without(household.id, movers, then)
        made = derived_id("household", self.desk.site.village, founded.no)
        homes[made], heads[made] = movers, head
        verb = self.desk.events.split
        self.do(
            lambda: verb(household.id, movers, founded, head, self.when(late), relations=answers, then=then),
            homes,
            heads,
            late,
        )

    @rule(
        pick=PICK, other=PICK, relation=st.sampled_from(["11", "03", "21", "02", "99"]), back=st.booleans(), late=LATE
    )
    @precondition(lambda self: len(self.homes) > 2)
    def merges_and_perhaps_back(self, pick: int, other: int, relation: str, back: bool, late: int) -> None:
        gone, kept = self.household(pick), self.household(other)
        if gone.id == kept.id:
            return
        before, (homes, heads) = contents(self.desk), self.copy()
        was = self.copy()
        kin = self.desk.events.joined_relations(gone.id, kept.id, relation)
        answers = {**{each.member_id: "99" for each in kin if each.asked}, gone.head.id: relation}
        homes[kept.id] |= homes.pop(gone.id)
        del heads[gone.id]
        change = self.do(lambda: self.desk.events.merge(gone.id, kept.id, answers, self.when(late)), homes, heads, late)
        if change is not None and back:
            (merge_id,) = change.records["event"]
            self.do(lambda: self.desk.events.unmerge(merge_id, self.when(late)), *was)
            assert contents(self.desk) == before

    @rule(pick=PICK, late=LATE)
    def head_changes(self, pick: int, late: int) -> None:
        household = self.household(pick, 2)
        if household is None:
            return
        others = sorted(self.homes[household.id] - {household.head.id})
        then = self.heir(household, others[pick % len(others)])
        homes, heads = self.copy()
        heads[household.id] = then.head_id
        self.do(lambda: self.desk.events.change_head(household.id, then, self.when(late)), homes, heads, late)

    @rule(pick=PICK)
    def unmerges_later(self, pick: int) -> None:
        """Only a merge after which nothing happened to either household: else a person has to answer more."""
        last = {h: step for step in self.steps for h in {*step.before, *step.after}}
        open_merges = [s for s in self.steps if len(s.before) == 2 and len(s.after) == 1
                       and all(last[h] is s for h in s.before)]  # fmt: skip
        if not open_merges:
            return
        step = open_merges[pick % len(open_merges)]
        (kept,) = step.after
        merge = next((e for e in self.desk.events.of_household(kept) if e.kind == "merge"
                      and e.other_id == kept and e.household_id in step.before
                      and frozenset(e.member_ids) == step.before[e.household_id][0]), None)  # fmt: skip
        if merge is None:
            return
        homes, heads = self.copy()
        for household_id, (members, head) in step.before.items():
            homes[household_id], heads[household_id] = set(members), head
        self.do(lambda: self.desk.events.unmerge(merge.id, self.when(0)), homes, heads)

    @rule(back=st.integers(0, 3))
    @precondition(lambda self: self.steps)
    def undoes(self, back: int) -> None:
        """Takes one of the last steps back: exactly, or refused because of a later one of the same households."""
        at = len(self.steps) - 1 - min(back, len(self.steps) - 1)
        step, later = self.steps[at], self.steps[at + 1 :]
        mine = {*step.before, *step.after}
        rests = any(mine & {*other.before, *other.after} for other in later)
        before = contents(self.desk)
        counted = step.year <= max(self.frozen, default=0)
        change, refusal = self.undo(step.act)
        if change is None:
            assert rests or counted, refusal
            assert contents(self.desk) == before
            return
        assert not counted
        homes, heads = self.copy()
        for household_id in mine:
            homes.pop(household_id, None)
            heads.pop(household_id, None)
        for household_id, (members, head) in step.before.items():
            homes[household_id], heads[household_id] = set(members), head
        del self.steps[at]
        self.take(step.back(change.act), mine, homes, heads)

    def undo(self, act: str) -> tuple[Change | None, str]:
        try:
            return self.desk.history.undo(act), ""
        except Refused as refusal:
            return None, str(refusal)

    @rule(days=st.integers(1, 200), freeze=st.booleans())
    def time_passes(self, days: int, freeze: bool) -> None:
        before = self.today.year
        self.today += timedelta(days=days)
        self.clock.to(self.today)
        for year in range(before, self.today.year):
            self.year_ends[year] = self.copy()
        if freeze:
            self.freezes()

    @rule()
    def freezes(self) -> None:
        """Sometimes long after the year is over: the list is what stood then."""
        year = self.today.year - 1
        if year >= START.year and year > max(self.frozen, default=0):
            act = self.desk.events.snapshot(year).act
            homes, heads = self.year_ends[year]
            self.frozen[year] = (act, {h: set(members) for h, members in homes.items()}, dict(heads))

    @rule()
    @precondition(lambda self: self.frozen)
    def thaws_the_last_list(self) -> None:
        year = max(self.frozen)
        self.desk.history.undo(self.frozen.pop(year)[0])
        assert self.desk.events.snapshots(year) == ()
        for older, (act, _, _) in self.frozen.items():
            assert older < year
            assert act

    @invariant()
    def one_living_head_in_every_open_household(self) -> None:
        if not hasattr(self, "desk"):
            return
        found = {h.id: h for h in self.desk.households.all()}
        assert {i: {m.id for m in h.living} for i, h in found.items()} == self.homes
        assert {i: h.head.id if h.head else "" for i, h in found.items()} == self.heads

    @invariant()
    def reports_add_up_and_meet(self) -> None:
        if not hasattr(self, "desk"):
            return
        reports = [self.desk.events.report(year) for year in range(START.year, self.today.year + 1)]
        for report in reports:
            assert report.households.adds_up, report
            assert report.persons.adds_up, report
            assert not {"entered", "struck"} & {*report.persons.came, *report.persons.went}
            assert not {"entered", "struck"} & {*report.households.came, *report.households.went}
            homes, _ = self.year_ends[report.year - 1]
            assert (report.households.start, report.persons.start) == (len(homes), sum(map(len, homes.values())))
        for earlier, later in pairwise(reports):
            assert (earlier.persons.end, earlier.households.end) == (later.persons.start, later.households.start)
        assert reports[-1].households.end == len(self.homes)
        assert reports[-1].persons.end == sum(map(len, self.homes.values()))
        self.the_paper_says_the_same(reports[-1])

    def the_paper_says_the_same(self, report: Report) -> None:
        sheet = self.desk.papers.sheet("change_report", str(report.year))
        (_, *start), *changes, (_, *end) = sheet.tables["balance"]
        for place, told in enumerate((report.households, report.persons)):
            counted = sum(int(row[place + 1].replace("−", "-") or 0) for row in changes)
            assert int(start[place]) + counted == int(end[place]) == told.end
        assert len(sheet.tables["events"]) == len(self.desk.events.of_year(report.year))

    @invariant()
    def frozen_lists_stay(self) -> None:
        for year, (_, homes, heads) in getattr(self, "frozen", {}).items():
            lists = self.desk.events.snapshots(year)
            assert {each.household_id: set(each.member_ids) for each in lists} == homes
            assert {each.household_id: each.heads[0][2] for each in lists} == heads


VillageYears.TestCase.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, phases=[Phase.explicit, Phase.generate]
)
TestVillageYears = VillageYears.TestCase


def test_a_year_is_frozen_once_and_not_early() -> None:
    with tempfile.TemporaryDirectory() as folder, make_desk(Path(folder) / "desk", 1, date(2020, 1, 5)) as desk:
        with pytest.raises(Refused):
            desk.events.snapshot(2020)
        desk.events.snapshot(2019)
        with pytest.raises(Refused):
            desk.events.snapshot(2019)
        assert len(desk.events.snapshots(2019)) == 1


def test_what_is_entered_after_the_freeze_counts_in_the_next_year(clock) -> None:
    with tempfile.TemporaryDirectory() as folder, make_desk(Path(folder) / "desk", 1, date(2020, 1, 5)) as desk:
        (household,) = desk.households.all()
        desk.events.snapshot(2019)
        member: MemberDraft = household.living[1]
        desk.events.death(household.id, member.id, Occasion(date(2019, 12, 28)))
        assert desk.events.report(2019).persons.end == 3
        assert desk.events.report(2020).persons.went == {"death": 1}
        assert desk.households.get(household.id).members[1].left_on == date(2019, 12, 28)
        for year in (2018, 2019):
            try:
                desk.events.snapshot(year)
            except Refused:
                continue
            raise AssertionError(year)


def test_a_member_typed_in_without_an_event_is_counted_as_entered() -> None:
    with tempfile.TemporaryDirectory() as folder, make_desk(Path(folder) / "desk", 1, date(2020, 1, 5)) as desk:
        desk.events.snapshot(2019)
        (household,) = desk.households.all()
        more = make_child(name="王补", id_number="", person_no="")
        desk.households.save(replace(household, members=(*household.members, more)), "forgotten")
        report = desk.events.report(2020)
        assert report.persons.came == {"entered": 1}
        assert report.persons.adds_up
