"""Backups that make themselves and thin out; what a restore would lose; taking over from a backup without loss."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.safety.conftest import NOW, PASSPHRASE, attach, numbers, save
from villagedesk.desk import open_desk
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.services import backups
from villagedesk.services.audit import audit
from villagedesk.services.retrieval import compare, merge
from villagedesk.services.safekeeping import Plan, Safekeeping
from villagedesk.services.thinning import Keep, kept

TIMES = st.datetimes(datetime(2019, 1, 1), datetime(2021, 12, 31))  # noqa: DTZ001  Hypothesis wants them bare
KEEPS = st.builds(Keep, st.integers(1, 4), st.integers(0, 8), st.integers(0, 6), st.integers(0, 13))


@given(made=st.sets(TIMES, max_size=60), keep=KEEPS)
def test_thinning_keeps_the_newest_of_everything_and_no_more_than_asked(made, keep):
    stay = kept(made, keep)
    assert stay <= made
    assert set(sorted(made, reverse=True)[: keep.newest]) <= stay
    assert len(stay) <= keep.newest + keep.days + keep.weeks + keep.months
    days = sorted({time.date() for time in made}, reverse=True)[: keep.days]
    assert {max(time for time in made if time.date() == day) for day in days} <= stay


@given(made=st.sets(TIMES, max_size=40), keep=KEEPS)
def test_thinning_again_takes_nothing_more(made, keep):
    stay = kept(made, keep)
    assert kept(stay, keep) == stay


@given(made=st.lists(TIMES, max_size=40, unique=True), keep=KEEPS)
def test_thinning_as_they_come_never_ends_without_an_old_one(made, keep):
    """One by one, thinned after each, as it really happens: the newest is always there."""
    there: set[datetime] = set()
    for time in sorted(made):
        there = set(kept({*there, time}, keep))
        assert time in there


def test_a_thinning_that_keeps_nothing_cannot_be_asked_for():
    with pytest.raises(ValueError, match="newest"):
        Keep(newest=0)


@dataclass
class Hand:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clocked(folder):
    clock = Hand()
    with open_desk(folder, PASSPHRASE, author="周敏", clock=clock) as opened:
        yield opened, clock, Safekeeping(opened.place)


def test_nothing_happens_until_a_place_is_chosen(clocked):
    _, _, keeping = clocked
    assert not keeping.due(closing=True)
    with pytest.raises(Refused, match="Choose where"):
        keeping.run()


def test_a_backup_is_due_at_first_then_after_changes_and_time(clocked, stick):
    desk, clock, keeping = clocked
    keeping.choose(Plan(folder=str(stick), every_minutes=60))
    assert keeping.due()
    keeping.run()
    assert not keeping.due(closing=True)  # nothing was changed since
    save(desk, 5)
    assert not keeping.due()
    assert keeping.due(closing=True)
    clock.now += timedelta(minutes=60)
    assert keeping.due()
    clock.now -= timedelta(days=400)  # a flat battery: the clock is back in the past
    assert keeping.due()


def test_a_change_during_the_backup_makes_the_next_one_due(clocked, stick):
    desk, _, keeping = clocked
    keeping.choose(Plan(folder=str(stick)))

    def type_on(done: int, total: int) -> None:
        if done == total:
            save(desk, 5)

    keeping.run(type_on)
    assert keeping.due(closing=True)


def test_old_ones_go_and_others_files_stay(clocked, stick):
    desk, clock, keeping = clocked
    keeping.choose(Plan(folder=str(stick), keep=Keep(newest=2, days=0, weeks=0, months=0)))
    (stick / "desk-000000-20190101-000000.vdbackup").write_bytes(b"another desk's")
    (stick / "holiday.jpg").write_bytes(b"x")
    made = []
    for number in range(4):
        clock.now += timedelta(hours=1)
        save(desk, 10 + number)
        made.append(keeping.run())
    assert [one.path for one in keeping.kept()] == [made[3], made[2]]
    assert len(list(stick.iterdir())) == 4
    assert keeping.kept()[0].made_at == clock.now
    assert "321324" not in made[0].name
    backups.check(made[3])


def test_nothing_is_thinned_when_the_new_one_fails(clocked, stick, monkeypatch):
    desk, clock, keeping = clocked
    keeping.choose(Plan(folder=str(stick), keep=Keep(newest=1, days=0, weeks=0, months=0)))
    first = keeping.run()
    save(desk, 10)
    clock.now += timedelta(hours=1)

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(Unavailable):
            keeping.run()
    assert [one.path for one in keeping.kept()] == [first]
    assert keeping.due(closing=True)


def test_a_place_inside_the_desk_is_no_second_place(clocked, folder):
    _, _, keeping = clocked
    with pytest.raises(Refused, match="inside the desk"):
        keeping.choose(Plan(folder=str(folder / "backups")))
    with pytest.raises(Refused, match="5 minutes"):
        keeping.choose(Plan(every_minutes=1))


def test_the_plan_is_kept(clocked, stick):
    _, _, keeping = clocked
    plan = Plan(str(stick), 30, on_close=False, keep=Keep(1, 2, 3, 4))
    keeping.choose(plan)
    assert keeping.plan() == plan


def test_what_a_restore_would_lose_is_told_first(desk, stick):
    file = backups.backup(desk.place, stick)
    assert compare(desk.place, file).only_here == 0
    save(desk, 5)
    save(desk, 6)
    found = compare(desk.place, file)
    assert (found.only_here, found.only_there) == (2, 0)
    assert [(act.author, act.reason) for act in found.lost] == [("周敏", "visit")] * 2
    assert not list(desk.place.folder.glob(".scratch*"))


def test_merging_brings_back_what_the_desk_lost_and_keeps_what_it_has(desk, stick, folder, reopen):
    first = backups.backup(desk.place, stick / "first.vdbackup")
    save(desk, 5)
    digest = attach(desk, b"a later scan")
    later = backups.backup(desk.place, stick / "later.vdbackup")
    desk.close()
    backups.restore(first, folder, PASSPHRASE, NOW)
    with reopen() as back:
        save(back, 6)
        assert compare(back.place, later).only_there == 2
        done = merge(back.place, later)
        assert (done.revisions, done.conflicts, done.attachments) == (2, 0, 1)
        assert {"201900005", "201900006"} <= set(numbers(back))
        found = audit(back.place)
        assert (found.faults, found.attachments) == ((), 2)
        assert merge(back.place, later).revisions == 0
        assert digest


def test_the_same_field_on_both_sides_waits_for_a_person(desk, stick, folder, reopen):
    first = backups.backup(desk.place, stick / "first.vdbackup")
    household = desk.households.all()[0].id
    desk.households.save(replace(desk.households.get(household), note="before the crash"), "visit")
    later = backups.backup(desk.place, stick / "later.vdbackup")
    desk.close()
    backups.restore(first, folder, PASSPHRASE, NOW)
    with reopen() as back:
        back.households.save(replace(back.households.get(household), note="typed again"), "visit")
        assert merge(back.place, later).conflicts == 1
        assert audit(back.place).faults == ()


def test_another_desks_backup_is_neither_compared_nor_merged(desk, stick, tmp_path):
    from tests.core.safety.conftest import CHEAP
    from villagedesk.store import place as places

    other, _ = places.create(tmp_path / "other", places.DESK, PASSPHRASE, "", cost=CHEAP)
    file = backups.backup(other, stick / "other.vdbackup")
    other.close()
    for verb in (compare, merge):
        with pytest.raises(Unreadable, match="another desk"):
            verb(desk.place, file)
    with pytest.raises(Unreadable, match="damaged"):
        merge(desk.place, _cut(file))
    assert audit(desk.place).faults == ()


def _cut(file):
    cut = file.with_name("cut.vdbackup")
    shutil.copy(file, cut)
    with cut.open("r+b") as stream:
        stream.truncate(cut.stat().st_size - 700)
    return cut


def test_times_are_read_back_as_they_were_written(clocked, stick):
    _, clock, keeping = clocked
    clock.now = datetime(2020, 2, 29, 23, 59, 59, tzinfo=UTC)
    keeping.choose(Plan(folder=str(stick)))
    keeping.run()
    assert keeping.kept()[0].made_at == clock.now
