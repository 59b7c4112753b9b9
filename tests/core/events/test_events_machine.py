"""Whatever happens to a village, counts, heads, year-end lists and reports agree (issue 2)."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, pairwise
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.core.events.conftest import clock_at, contents, make_desk
from tests.factories import make_child, make_member
from villagedesk.desk import Desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Refused
from villagedesk.services.events import Afterwards, Occasion

START = date(2019, 3, 1)
PICK = st.integers(0, 1000)


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
        self.homes = {h.id: {m.id for m in h.living} for h in self.desk.households.all()}
        self.heads = {h.id: h.head.id for h in self.desk.households.all()}
        self.year_start = {START.year: (len(self.homes), sum(map(len, self.homes.values())))}
        self.frozen: dict[int, tuple[dict[str, set[str]], dict[str, str]]] = {}
        self.merges: dict[str, tuple[str, str]] = {}  # merge that nothing followed → survivor, dissolved

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()
            shutil.rmtree(self.folder)

    def household(self, pick: int, least: int = 1) -> HouseholdDraft | None:
        found = sorted(h for h, members in self.homes.items() if len(members) >= least)
        return self.desk.households.get(found[pick % len(found)]) if found else None

    def when(self, code: str = "") -> Occasion:
        return Occasion(self.today, code, note=f"第{next(self.numbers)}次")

    def succession(self, household: HouseholdDraft, gone: set[str], pick: int) -> Afterwards:
        staying = sorted(m.id for m in household.living if m.id not in gone)
        if not staying or household.head.id not in gone:
            return Afterwards()
        return self.heir(household, staying[pick % len(staying)])

    def heir(self, household: HouseholdDraft, head: str) -> Afterwards:
        kin = self.desk.events.relations(household.id, head)
        return Afterwards(head, {each.member_id: "99" for each in kin if each.asked})

    def leave(self, household: HouseholdDraft, gone: set[str], then: Afterwards) -> None:
        self.homes[household.id] -= gone
        if then.head_id:
            self.heads[household.id] = then.head_id
        self.merges.clear()

    @rule(pick=PICK, kind=st.sampled_from(["birth", "marriage_in", "moved_in"]))
    def somebody_comes(self, pick: int, kind: str) -> None:
        household = self.household(pick)
        if household is None:
            return
        name = f"王{next(self.numbers)}"
        child = make_child(name=name, id_number="", person_no="", birth=self.today, relation="03" if pick % 2 else "04",
                           sex="1" if pick % 2 else "2")  # fmt: skip
        adult = make_member(name=name, id_number="", person_no="", relation="99")
        if kind == "birth":
            self.desk.events.birth(household.id, child, self.when())
        elif kind == "marriage_in":
            self.desk.events.marriage_in(household.id, adult, self.when())
        else:
            self.desk.events.moved_in(household.id, [adult, replace(adult, name=name + "二")], self.when())
        self.homes[household.id] = {m.id for m in self.desk.households.get(household.id).living}
        self.merges.clear()

    @rule(pick=PICK, kind=st.sampled_from(["death", "marriage_out", "moved_out"]))
    def somebody_goes(self, pick: int, kind: str) -> None:
        household = self.household(pick, 2)
        if household is None:
            return
        member = sorted(self.homes[household.id])[pick % len(self.homes[household.id])]
        then = self.succession(household, {member}, pick)
        persons = [member] if kind == "moved_out" else member
        getattr(self.desk.events, kind)(household.id, persons, self.when(), then)
        self.leave(household, {member}, then)

    @rule(pick=PICK, kind=st.sampled_from(["died out", "left_village", "removed"]))
    @precondition(lambda self: len(self.homes) > 2)
    def household_ends(self, pick: int, kind: str) -> None:
        household = self.household(pick)
        if kind == "left_village":
            self.desk.events.left_village(household.id, self.when())
        elif kind == "removed":
            self.desk.events.removed(household.id, self.when("99"))
        else:
            self.desk.events.moved_out(household.id, self.homes[household.id], self.when(), Afterwards(closing="01"))
        del self.homes[household.id], self.heads[household.id]
        self.merges.clear()

    @rule(pick=PICK, other=PICK, close=st.booleans())
    @precondition(lambda self: len(self.homes) > 2)
    def moves_within(self, pick: int, other: int, close: bool) -> None:
        household, target = self.household(pick), self.household(other)
        if household.id == target.id:
            return
        whole = close or len(self.homes[household.id]) == 1
        movers = self.homes[household.id] if whole else {sorted(self.homes[household.id])[pick % 2]}
        then = Afterwards(closing="99") if whole else self.succession(household, set(movers), pick)
        relations = dict.fromkeys(sorted(movers), "99")
        self.desk.events.moved_within(household.id, target.id, relations, self.when(), then)
        self.homes[target.id] |= movers
        self.leave(household, set(movers), then)
        if whole:
            del self.homes[household.id], self.heads[household.id]

    @rule(pick=PICK)
    def splits(self, pick: int) -> None:
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
        self.desk.events.split(household.id, movers, founded, head, self.when(), relations=answers, then=then)
        new = self.desk.households.by_no(founded.no)
        self.leave(household, movers, then)
        self.homes[new.id], self.heads[new.id] = movers, head

    @rule(pick=PICK, other=PICK, relation=st.sampled_from(["11", "03", "21", "02", "99"]), back=st.booleans())
    @precondition(lambda self: len(self.homes) > 2)
    def merges_and_perhaps_back(self, pick: int, other: int, relation: str, back: bool) -> None:
        gone, kept = self.household(pick), self.household(other)
        if gone.id == kept.id:
            return
        before = contents(self.desk)
        kin = self.desk.events.joined_relations(gone.id, kept.id, relation)
        answers = {each.member_id: "99" for each in kin if each.asked}
        change = self.desk.events.merge(gone.id, kept.id, {**answers, gone.head.id: relation}, self.when())
        (merge_id,) = change.records["event"]
        if back:
            self.desk.events.unmerge(merge_id, self.when())
            assert contents(self.desk) == before
            return
        self.homes[kept.id] |= self.homes.pop(gone.id)
        del self.heads[gone.id]
        self.merges = {merge_id: (kept.id, gone.id)}

    @rule(pick=PICK)
    def head_changes(self, pick: int) -> None:
        household = self.household(pick, 2)
        if household is None:
            return
        others = sorted(self.homes[household.id] - {household.head.id})
        then = self.heir(household, others[pick % len(others)])
        self.desk.events.change_head(household.id, then, self.when())
        self.heads[household.id] = then.head_id

    @rule()
    @precondition(lambda self: self.merges)
    def unmerges_later(self) -> None:
        merge_id, (kept, gone) = self.merges.popitem()
        persons = {m for e in self.desk.events.of_household(kept) if e.id == merge_id for m in e.member_ids}
        self.desk.events.unmerge(merge_id, self.when())
        self.homes[gone] = persons
        self.homes[kept] -= persons
        for household_id in (gone, kept):
            self.heads[household_id] = self.desk.households.get(household_id).head.id

    @rule(days=st.integers(1, 200), freeze=st.booleans())
    def time_passes(self, days: int, freeze: bool) -> None:
        before = self.today.year
        self.today += timedelta(days=days)
        self.clock.to(self.today)
        if self.today.year > before:
            self.year_start[self.today.year] = (len(self.homes), sum(map(len, self.homes.values())))
            if freeze:
                self.desk.events.snapshot(before)
                self.frozen[before] = ({h: set(m) for h, m in self.homes.items()}, dict(self.heads))

    @invariant()
    def one_living_head_in_every_open_household(self) -> None:
        if not hasattr(self, "desk"):
            return
        found = {h.id: h for h in self.desk.households.all()}
        assert {i: {m.id for m in h.living} for i, h in found.items()} == self.homes
        assert {i: h.head.id for i, h in found.items() if h.head} == self.heads

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
            known = self.year_start.get(report.year)
            if known:
                assert (report.households.start, report.persons.start) == known
        for earlier, later in pairwise(reports):
            assert (earlier.persons.end, earlier.households.end) == (later.persons.start, later.households.start)
        assert reports[-1].households.end == len(self.homes)
        assert reports[-1].persons.end == sum(map(len, self.homes.values()))

    @invariant()
    def frozen_lists_stay(self) -> None:
        for year, (homes, heads) in getattr(self, "frozen", {}).items():
            lists = self.desk.events.snapshots(year)
            assert {each.household_id: set(each.member_ids) for each in lists} == homes
            assert {each.household_id: each.heads[0][2] for each in lists} == heads


VillageYears.TestCase.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, phases=[Phase.explicit, Phase.generate]
)
TestVillageYears = VillageYears.TestCase


def test_a_year_is_frozen_once_and_not_early() -> None:
    with tempfile.TemporaryDirectory() as folder, make_desk(Path(folder) / "desk", 1, date(2019, 12, 30)) as desk:
        for year in (2019, 2020):
            try:
                desk.events.snapshot(year)
            except Refused:
                continue
            raise AssertionError(year)


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
