"""Whatever happens to sticks, laptops and the township, all come to agree and no edit that anybody still has is lost.

DESIGN §5.4 and PEERS §2 items 5–47 as one state machine over real encrypted stores and real files.
``HYPOTHESIS_PROFILE=nightly`` runs thousands of courses; test_lines_meet.py runs hundreds by day, without the files.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.core.sync_machine.deeds import YEAR
from tests.core.sync_machine.world import World
from villagedesk.store import work

some = st.integers(0, 11)
LAPTOPS = st.sampled_from([1, 2, 3, 3, 3, 3])  # the third is another village's
TOLD = st.sampled_from([0, 1, 1, 2, 2, 3])  # which villages hear of a move: bits


class Village(RuleBasedStateMachine):
    """Work and roads; accidents are added below."""

    prepared: ClassVar[Path]
    world: World

    @initialize(laptops=LAPTOPS, moves=st.booleans())
    def begin(self, laptops: int, moves: bool) -> None:
        """Every other course begins with a family that moves: by luck alone too few do."""
        self.world = World(self.prepared, Path(tempfile.mkdtemp(dir=self.prepared.parent)) / "world", laptops)
        if moves:
            self.world.family_moves(0, 0)

    @rule(laptop=some, household=some, name=some, value=some)
    def save(self, laptop: int, household: int, name: int, value: int) -> None:
        self.world.save(laptop, household, name, value)

    @rule(laptop=some, household=some)
    def remove(self, laptop: int, household: int) -> None:
        self.world.remove(laptop, household)

    @rule(laptop=some, first=some)
    def bulk(self, laptop: int, first: int) -> None:
        self.world.bulk(laptop, first)

    @rule(laptop=some, member=some, value=some)
    def edit_member(self, laptop: int, member: int, value: int) -> None:
        self.world.edit_member(laptop, member, value)

    @rule(laptop=some, household=some)
    def found_family(self, laptop: int, household: int) -> None:
        self.world.found_family(laptop, household)

    @rule(laptop=some, household=some)
    def sign(self, laptop: int, household: int) -> None:
        self.world.sign(laptop, household)

    @rule(laptop=some, household=some)
    def split(self, laptop: int, household: int) -> None:
        self.world.split(laptop, household)

    @rule(laptop=some, household=some)
    def merge(self, laptop: int, household: int) -> None:
        self.world.merge(laptop, household)

    @rule(laptop=some, household=some, deeds=st.sets(st.sampled_from(YEAR), min_size=2))
    def a_year(self, laptop: int, household: int, deeds: set[str]) -> None:
        self.world.a_year(laptop, household, deeds)

    @rule(laptop=some, household=some)
    def family_moves(self, laptop: int, household: int) -> None:
        self.world.family_moves(laptop, household)

    @rule(village=some, household=some)
    def move(self, village: int, household: int) -> None:
        self.world.move(village, household)

    @rule(laptop=some, household=some)
    def type_apart(self, laptop: int, household: int) -> None:
        self.world.type_apart(laptop, household)

    @rule(laptop=some, which=some)
    def tell_one(self, laptop: int, which: int) -> None:
        self.world.tell_one(laptop, which)

    @rule(laptop=some, which=some)
    def tell_two(self, laptop: int, which: int) -> None:
        self.world.tell_two(laptop, which)

    @rule(laptop=some)
    def empty_out(self, laptop: int) -> None:
        self.world.empty_out(laptop)

    @rule(laptop=some)
    def undo(self, laptop: int) -> None:
        self.world.undo(laptop)

    @rule(laptop=some, which=some)
    def decide(self, laptop: int, which: int) -> None:
        self.world.decide(laptop, which)

    @rule(village=some, household=some, value=some)
    def act(self, village: int, household: int, value: int) -> None:
        self.world.act(village, household, value)

    @rule(village=some, which=some)
    def hub_decide(self, village: int, which: int) -> None:
        self.world.hub_decide(village, which)

    @rule(laptop=some)
    def send(self, laptop: int) -> None:
        self.world.send(laptop)

    @rule(which=some)
    def deliver(self, which: int) -> None:
        self.world.deliver(which)

    @rule()
    def reply(self) -> None:
        self.world.reply()

    @rule(laptop=some, which=some)
    def deliver_reply(self, laptop: int, which: int) -> None:
        self.world.deliver_reply(laptop, which)

    @rule(laptop=some)
    def visit_the_township(self, laptop: int) -> None:
        """The usual way: there with a file, back with the reply."""
        self.world.send(laptop)
        self.world.deliver(0)
        self.world.reply()
        for which in range(2):
            self.world.deliver_reply(laptop, which)

    @rule(laptop=some)
    def peer(self, laptop: int) -> None:
        self.world.peer(laptop)

    @rule(laptop=some, which=some)
    def deliver_peer(self, laptop: int, which: int) -> None:
        self.world.deliver_peer(laptop, which)

    @rule(one=some, hours=st.sampled_from([-20_000_000, -9000, -30, 30, 9000, 300_000]))
    def jump(self, one: int, hours: int) -> None:
        self.world.jump(one, hours)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self.world.settle()
            finally:
                self.world.close()


class Copies(Village):
    """Laptops are cloned and put back to earlier states."""

    @rule(laptop=some)
    def clone(self, laptop: int) -> None:
        self.world.clone(laptop)

    @rule(laptop=some)
    def back_up(self, laptop: int) -> None:
        self.world.back_up(laptop)

    @rule(laptop=some, in_place=st.booleans())
    def restore(self, laptop: int, in_place: bool) -> None:
        self.world.restore(laptop, in_place=in_place)

    @rule(laptop=some)
    def reopen(self, laptop: int) -> None:
        self.world.reopen(laptop)


class Forgetful(Copies):
    """And so is the township."""

    @initialize(laptops=LAPTOPS, moves=st.booleans(), told=TOLD, in_place=st.booleans())
    def begin(self, laptops: int, moves: bool, told: int = 0, in_place: bool = False) -> None:
        super().begin(laptops, moves=False)
        if moves:
            self.world.half_a_move(0, 0, told, in_place=in_place)

    @rule(laptop=some, household=some, told=TOLD, in_place=st.booleans())
    def half_a_move(self, laptop: int, household: int, told: int, in_place: bool) -> None:
        self.world.half_a_move(laptop, household, told, in_place=in_place)

    @rule()
    def back_up_hub(self) -> None:
        self.world.back_up_hub()

    @rule(in_place=st.booleans())
    def restore_hub(self, in_place: bool) -> None:
        self.world.restore_hub(in_place=in_place)


class Upwards(Forgetful):
    """A county stands above the township; files to it and its replies get lost and come twice like any other.

    Laptops, township and county are put back to earlier states, each by itself.
    """

    @initialize(laptops=LAPTOPS, moves=st.booleans(), told=TOLD, in_place=st.booleans())
    def begin(self, laptops: int, moves: bool, told: int = 0, in_place: bool = False) -> None:
        super().begin(laptops, moves=False)
        self.world.open_county()  # before the township is backed up: one put back never leaves its county
        if moves:
            self.world.half_a_move(0, 0, told, in_place=in_place)

    @rule()
    def to_county(self) -> None:
        self.world.to_county()

    @rule(which=some)
    def deliver_to_county(self, which: int) -> None:
        self.world.deliver_to_county(which)

    @rule()
    def from_county(self) -> None:
        self.world.from_county()

    @rule()
    def back_up_county(self) -> None:
        self.world.back_up_county()

    @rule(in_place=st.booleans())
    def restore_county(self, in_place: bool) -> None:
        self.world.restore_county(in_place=in_place)

    @rule(village=some, household=some, value=some)
    def county_act(self, village: int, household: int, value: int) -> None:
        self.world.county_act(village, household, value)


@pytest.mark.parametrize("weather", [Village, Copies, Forgetful, Upwards])
def test_all_come_to_agree(weather: type[Village], prepared_places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_BULK", 2)  # a bulk verb becomes several lines, as with a real roster
    monkeypatch.setattr(weather, "prepared", prepared_places, raising=False)
    run_state_machine_as_test(weather, settings=_settings())


def _settings() -> settings:
    """Many short courses by day, long ones at night; a failure is shown as it was met, shrinking takes minutes."""
    profile = settings.get_current_profile_name()
    if profile == "nightly":
        return settings(stateful_step_count=40)
    if profile == "broken":  # a few hundred, as tests.reliability.broken asks for
        return settings(stateful_step_count=20)
    return settings(max_examples=8, stateful_step_count=14, phases=[Phase.explicit, Phase.reuse, Phase.generate])
