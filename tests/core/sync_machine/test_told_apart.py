"""“Two people” and “one person” go with the files: to colleagues, to the township, to the county, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.core.sync_machine.copies import VILLAGES, Laptop
from tests.core.sync_machine.test_township_desk import family, put, rows
from tests.core.sync_machine.world import World
from villagedesk.services.acts import Acts
from villagedesk.services.adjudication import Duplicate
from villagedesk.services.conflicts import Conflict
from villagedesk.services.doubles import Doubles
from villagedesk.services.event_course import Occasion
from villagedesk.services.history import History
from villagedesk.services.households import Households
from villagedesk.services.moving import Moves
from villagedesk.store.place import Place

DAY = date(2026, 3, 1)


@pytest.fixture
def world(prepared_places: Path, tmp_path: Path) -> Iterator[World]:
    """Two laptops of the first village, one of the second; one household stands there with two of one name."""
    made = World(prepared_places, tmp_path / "world", 3)
    family(made.laptops[0], "h1", "7")
    for key in ("m1", "m2"):
        put(made.laptops[0], "member", key, household_id="h1", name="丁", relation="31", employer=f"of {key}")
    everybody_hears(made)
    yield made
    made.close()


def everybody_hears(world: World) -> None:
    world.meet()
    world.meet()


def case_of(laptop: Laptop) -> Duplicate:
    (case,) = Doubles(laptop.site).all()
    return case


def cases(world: World) -> list[int]:
    """How many each laptop of the village and the township ask."""
    return [len(Doubles(one.site).all()) for one in world.laptops[:2]] + [len(world.office.acts.duplicates())]


def asked_of(place: Place) -> tuple[Duplicate, ...]:
    return Acts(place).duplicates()


def open_conflicts(world: World) -> list[tuple[Conflict, ...]]:
    return [world.laptops[0].sync.conflicts(), world.laptops[1].sync.conflicts(), world.office.township.conflicts()]


def living(laptop: Laptop) -> set[object]:
    return {row["id"] for row in rows(laptop, "member", household_id="h1", removed=False)}


def test_two_people_said_in_the_village_are_two_at_the_colleague_s_and_the_township_s(world: World) -> None:
    assert cases(world) == [1, 1, 1]
    Doubles(world.laptops[0].site).different(case_of(world.laptops[0]), "asked the head")
    everybody_hears(world)
    assert cases(world) == [0, 0, 0]
    history = Households(world.laptops[1].site).history("h1")
    assert ("duplicate.apart", "asked the head", False) in {(one.verb, one.reason, one.new) for one in history}
    assert open_conflicts(world) == [(), (), ()]


def test_two_people_said_at_the_township_are_two_in_the_village(world: World) -> None:
    world.office.acts.judge_different(*world.office.acts.duplicates(), "asked the village")
    assert cases(world) == [1, 1, 0]
    everybody_hears(world)
    assert cases(world) == [0, 0, 0]


def test_other_facts_ask_again_and_the_same_facts_do_not(world: World) -> None:
    first, second = world.laptops[:2]
    Doubles(first.site).different(case_of(first), "asked")
    everybody_hears(world)
    put(second, "member", "m1", employer="another")  # tells nobody apart
    everybody_hears(world)
    assert cases(world) == [0, 0, 0]
    put(second, "member", "m1", birth=DAY)
    put(second, "member", "m2", birth=DAY)
    everybody_hears(world)
    assert cases(world) == [1, 1, 1]
    world.office.acts.judge_different(*world.office.acts.duplicates(), "twins")
    everybody_hears(world)
    assert cases(world) == [0, 0, 0]
    put(first, "member", "m2", birth=None)
    put(first, "member", "m1", birth=None)
    everybody_hears(world)
    assert cases(world) == [0, 0, 0]  # that was asked and answered


def test_the_same_answer_on_all_sides_is_no_conflict(world: World) -> None:
    for laptop in world.laptops[:2]:
        Doubles(laptop.site).different(case_of(laptop), f"asked by {laptop.folder.name}")
    world.office.acts.judge_different(*world.office.acts.duplicates(), "asked by telephone")
    everybody_hears(world)
    assert (cases(world), open_conflicts(world)) == ([0, 0, 0], [(), (), ()])


def test_an_answer_taken_back_is_asked_again_everywhere(world: World) -> None:
    laptop = world.laptops[0]
    change = Doubles(laptop.site).different(case_of(laptop), "asked")
    everybody_hears(world)
    History(laptop.site).undo(change.act)
    everybody_hears(world)
    assert cases(world) == [1, 1, 1]
    Doubles(world.laptops[1].site).different(case_of(world.laptops[1]), "asked better")
    everybody_hears(world)
    assert (cases(world), open_conflicts(world)) == ([0, 0, 0], [(), (), ()])


def test_who_was_told_apart_is_not_asked_for_in_another_village(world: World) -> None:
    Doubles(world.laptops[0].site).different(case_of(world.laptops[0]), "asked")
    everybody_hears(world)
    Moves(world.office.place).move("h1", VILLAGES[0], VILLAGES[1], "70", Occasion(DAY, document="letter"))
    everybody_hears(world)
    assert sum(row["name"] == "丁" for row in rows(world.laptops[2], "member", removed=False)) == 2
    assert (cases(world), Doubles(world.laptops[2].site).all()) == ([0, 0, 0], ())


def test_three_of_one_name_are_settled_when_every_two_of_them_are(world: World) -> None:
    first, second = world.laptops[:2]
    Doubles(first.site).different(case_of(first), "asked")
    put(second, "member", "m3", household_id="h1", name="丁", relation="31")
    everybody_hears(world)
    assert len(case_of(first).entries) == 3
    Doubles(first.site).different(case_of(first), "all three")
    put(first, "member", "m3", removed=True)
    everybody_hears(world)
    assert cases(world) == [0, 0, 0]


@pytest.mark.parametrize("apart_first", [True, False])
@pytest.mark.parametrize("holds", [True, False])
def test_two_answers_are_a_conflict_and_the_one_that_holds_holds_everywhere(
    world: World, apart_first: bool, holds: bool
) -> None:
    apart, together = world.laptops[:2] if apart_first else world.laptops[1::-1]
    put(together, "wish", "w2", household_id="h1", member_id="m2", answer="1", asked_on=DAY)
    put(together, "member", "m1", employer="")
    Doubles(apart.site).different(case_of(apart), "asked the head")
    Doubles(together.site).same(case_of(together), "m1", DAY, "asked the neighbour")
    assert rows(together, "wish")[0]["member_id"] == "m1"
    everybody_hears(world)
    for (conflict,) in open_conflicts(world):
        assert (conflict.kind, conflict.household_id, conflict.member_id) == ("likeness", "h1", "m1")
        said = {(one.value, one.reason) for one in conflict.candidates}
        assert said == {(False, "asked the head"), (True, "asked the neighbour")}
    (conflict,) = apart.sync.conflicts()
    chosen = next(one for one in conflict.candidates if one.value is holds)
    apart.sync.decide(conflict.kind, conflict.record_id, conflict.field, chosen.hash, "seen both")
    everybody_hears(world)
    assert (cases(world), open_conflicts(world)) == ([0, 0, 0], [(), (), ()])
    people = {"h1-0", "h1-1", "m1"} | (set() if holds else {"m2"})
    assert [living(laptop) for laptop in world.laptops[:2]] == [people, people]
    for laptop in world.laptops[:2]:  # what was put together is apart again, or stays together
        (first,), (wish,) = rows(laptop, "member", id="m1"), rows(laptop, "wish")
        assert (first["employer"], wish["member_id"]) == (("of m2", "m1") if holds else ("", "m2"))
    (decision,) = together.sync.decisions()
    lost = "asked the head" if holds else "asked the neighbour"
    assert (decision.chosen, [one.reason for one in decision.lost]) == (holds, [lost])


@pytest.mark.parametrize("holds", [True, False])
def test_village_and_township_answer_otherwise_and_the_township_decides(world: World, holds: bool) -> None:
    laptop, acts = world.laptops[0], world.office.acts
    Doubles(laptop.site).different(case_of(laptop), "asked the head")
    acts.judge_same(*acts.duplicates(), "m1", DAY, "asked the registry")
    everybody_hears(world)
    (conflict,) = world.office.township.conflicts()
    chosen = next(one for one in conflict.candidates if one.value is holds)
    acts.decide(conflict.village, conflict, chosen.hash, "asked both")
    everybody_hears(world)
    assert (cases(world), open_conflicts(world)) == ([0, 0, 0], [(), (), ()])
    people = {"h1-0", "h1-1", "m1"} | (set() if holds else {"m2"})
    assert [living(one) for one in world.laptops[:2]] == [people, people]


def test_people_of_two_villages_are_answered_by_the_township_and_heard_by_the_county_alone(world: World) -> None:
    """What is said of another village's people goes up, never down into a village."""
    family(world.laptops[0], "h2", "8")
    family(world.laptops[2], "h3", "9")
    for laptop, key in ((world.laptops[0], "h2"), (world.laptops[2], "h3")):
        put(laptop, "member", f"{key}-x", household_id=key, name="戊", relation="31", birth=DAY)
    world.open_county()
    everybody_hears(world)
    between = next(one for one in world.office.acts.duplicates() if one.entries[0].name == "戊")
    world.office.acts.judge_different(between, "asked both villages")
    everybody_hears(world)
    world.to_county()
    world.deliver_to_county(0)
    assert [len(asked_of(one.place)) for one in (world.office, world._county)] == [1, 1]  # 丁 only
    assert [rows(laptop, "likeness") for laptop in world.laptops] == [[], [], []]


@pytest.mark.parametrize("holds", [True, False])
def test_county_and_township_answer_otherwise(world: World, holds: bool) -> None:
    for laptop, key in ((world.laptops[0], "h2"), (world.laptops[2], "h3")):
        family(laptop, key, key[1:])
        put(laptop, "member", f"{key}-x", household_id=key, name="戊", relation="31", birth=DAY)
    world.open_county()
    everybody_hears(world)
    world.to_county()
    world.deliver_to_county(0)
    at_county, at_township = (
        next(one for one in asked_of(office.place) if one.entries[0].name == "戊")
        for office in (world._county, world.office)
    )
    world._county.acts.judge_same(at_county, "h2-x", DAY, "registry of the county")
    world.office.acts.judge_different(at_township, "asked both villages")
    world.to_county()
    world.deliver_to_county(0)
    world.from_county()
    (conflict,) = world.office.township.conflicts()
    assert world._county.township.conflicts() != ()
    chosen = next(one for one in conflict.candidates if one.value is holds)
    world.office.acts.decide(conflict.village, conflict, chosen.hash, "all asked")
    everybody_hears(world)
    (there,) = rows(world.laptops[2], "member", id="h3-x")
    assert there["left_on"] == (DAY if holds else None)
    world.to_county()
    world.deliver_to_county(0)
    assert [office.township.conflicts() for office in (world.office, world._county)] == [(), ()]
    assert [case.entries[0].name for case in asked_of(world.office.place)] == ["丁"]
