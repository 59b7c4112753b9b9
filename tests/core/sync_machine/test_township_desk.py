"""What the township does at its desk beyond receiving: laptops out, households over, lists held against files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.core.sync_machine.copies import VILLAGES, Laptop
from tests.core.sync_machine.world import World
from villagedesk import resources
from villagedesk.errors import Refused, Unreadable
from villagedesk.records.schema import RECORDS
from villagedesk.services.event_course import Occasion
from villagedesk.services.laptop_keys import LaptopKeys
from villagedesk.services.laptops import Laptops
from villagedesk.services.matching import Comparisons
from villagedesk.services.moving import Moves
from villagedesk.services.policy_change import PolicyChanges
from villagedesk.services.review import Review

DAY = date(2026, 2, 2)


@pytest.fixture
def world(prepared_places: Path, tmp_path: Path) -> Iterator[World]:
    """Two laptops of the first village, one of the second."""
    made = World(prepared_places, tmp_path / "world", 3)
    yield made
    made.close()


def put(laptop: Laptop, kind: str, record_id: str, **values: object) -> None:
    with laptop.place.store.work("test", "test") as work:
        work.put(kind, laptop.village, values, record_id)


def rows(laptop: Laptop, kind: str, **where: object) -> list[dict[str, object]]:
    table = RECORDS[kind].table
    query = select(table).where(*(table.c[name] == value for name, value in where.items())).order_by(table.c.n)
    with laptop.place.store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def family(laptop: Laptop, key: str, no: str, **more: object) -> None:
    put(laptop, "household", key, no=no, state="2", group="一组", **more)
    for at, (name, relation) in enumerate((("甲", "01"), ("乙", "02"))):
        number = f"00000019900101{laptop.village[-2:]}{at}{no[-1]}"
        put(laptop, "member", f"{key}-{at}", household_id=key, name=name, relation=relation, id_number=number)


def put_many(laptop: Laptop, count: int) -> None:
    for no in range(count):
        put(laptop, "household", f"h{no}", no=str(no))


def close_many(laptop: Laptop, count: int) -> None:
    with laptop.place.store.work("undo", "oops") as work:
        for no in range(count):
            work.remove("household", f"h{no}")


# laptops ------------------------------------------------------------------------------------------------------------


def test_a_lost_laptop_is_taken_out_and_its_token_lets_nobody_in(world: World) -> None:
    world.save(0, 0, 0, 1)
    world.meet()
    lost, stays = world.laptops[0], world.laptops[1]
    laptops = Laptops(world.office.place)
    device = lost.place.store.device
    with pytest.raises(Refused):
        laptops.take_out(device, " ")
    laptops.take_out(device, "stolen")
    with pytest.raises(Refused):
        laptops.take_out(device, "stolen")
    world.save(0, 1, 0, 1)
    refused = world.office.township.receive([lost.sync.send(world.stick).path])[0]
    assert refused.status == "rejected"
    assert "stolen" in str(refused.reason)
    thief = world.folder / "thief"
    lost.place.close()
    shutil.copytree(lost.folder, thief)
    lost.open()
    world._start(thief, lost.village)  # a copy: another device, the same keys and the same token
    copied = world.laptops[-1]
    assert copied.place.store.device != device
    assert world.office.township.receive([copied.sync.send(world.stick).path])[0].status == "rejected"
    world.save(1, 2, 0, 1)
    assert world.office.township.receive([stays.sync.send(world.stick).path])[0].status == "accepted"
    reply = next(w.path for w in world.office.township.reply(world.stick) if w.header.village == VILLAGES[0])
    stays.sync.receive(reply)
    with pytest.raises(Unreadable):
        lost.sync.receive(reply)
    with pytest.raises(Refused):
        stays.sync.send(world.stick, to_devices=True)  # nobody is left to write to
    assert [(one.device == device, bool(one.taken_out_at)) for one in laptops.of(VILLAGES[0])][-1] == (True, True)


def test_a_laptop_with_new_keys_joins_anew_and_loses_nothing(world: World) -> None:
    world.meet()
    laptop = world.laptops[0]
    Laptops(world.office.place).take_out(laptop.place.store.device, "found again, keys may be known")
    world.save(0, 0, 0, 1)
    LaptopKeys(laptop.site).renew()
    world.reopen(0)
    invite = world.office.township.invite(VILLAGES[0], world.stick)
    laptop.sync.join(invite, "a again")
    world.take(world.laptops[0].sync.send(world.stick).path)
    world.office.township.reply(world.stick)
    with world.office.place.store.read() as connection:
        assert connection.execute(select(RECORDS["household"].table.c.no)).scalars().all() == ["1"]


# a household moves ---------------------------------------------------------------------------------------------------


def test_a_household_moves_between_villages_as_one_act(world: World) -> None:
    old, new = world.laptops[0], world.laptops[2]
    family(old, "h1", "7", dwelling="1")
    family(new, "h9", "8")
    world.meet()
    moves, when = Moves(world.office.place), Occasion(DAY, document="镇〔2026〕3号")
    with pytest.raises(Refused):
        moves.move("h1", VILLAGES[0], VILLAGES[1], "8", when)  # that number is another household's
    with pytest.raises(Refused):
        moves.move("h9", VILLAGES[0], VILLAGES[1], "9", when)  # not of that village
    moved = moves.move("h1", VILLAGES[0], VILLAGES[1], "9", when)
    assert moved.left.act == moved.arrived.act
    world.meet()
    assert [row["removed_reason"] for row in rows(old, "household", id="h1", removed=True)] == ["02"]
    arrived = rows(new, "household", no="9")[0]
    assert (arrived["id"], arrived["village"], arrived["state"], arrived["dwelling"]) == (
        moved.household_id, VILLAGES[1], "2", ""
    )  # fmt: skip
    people = rows(new, "member", household_id=moved.household_id)
    assert [(one["name"], one["relation"], one["joined_on"]) for one in people] == [
        ("甲", "01", DAY),
        ("乙", "02", DAY),
    ]
    events = rows(old, "event") + rows(new, "event")
    assert [(one["household_id"], one["other_id"]) for one in events] == [
        ("h1", moved.household_id),
        (moved.household_id, "h1"),
    ]
    with pytest.raises(Refused):
        moves.move("h1", VILLAGES[0], VILLAGES[1], "10", when)  # gone already


# lists --------------------------------------------------------------------------------------------------------------


def test_lists_of_other_offices_reach_the_village_as_differences_only(world: World, tmp_path: Path) -> None:
    laptop = world.laptops[0]
    family(laptop, "h1", "7")
    put(laptop, "member", "h1-1", dibao=True)
    world.meet()
    numbers = {row["id"]: row["id_number"] for row in rows(laptop, "member")}
    listed = tmp_path / "dibao.csv"
    listed.write_text(f"姓名,身份证号码\n甲,{numbers['h1-0']}\n外人,000000199001019999\n", "utf-8")
    comparisons = Comparisons(world.office.place)
    assert comparisons.compare("dibao", listed) == 2
    found = {(each.member_id, each.on_list) for each in comparisons.differences(VILLAGES[0])}
    assert found == {("h1-0", True), ("h1-1", False)}
    assert comparisons.compare("death", listed) == 1
    world.meet()
    remarks = {(each.kind, each.member, each.on_list) for each in laptop.sync.list_remarks()}
    assert remarks == {("dibao", "h1-0", True), ("dibao", "h1-1", False), ("death", "h1-0", True)}
    assert world.laptops[2].sync.list_remarks() == ()
    put(laptop, "member", "h1-0", dibao=True)
    world.meet()
    assert {each.kind for each in comparisons.differences()} == {"dibao", "death"}
    assert ("dibao", "h1-0") not in {(each.kind, each.member_id) for each in comparisons.differences()}
    (tmp_path / "none.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Unreadable):
        comparisons.compare("dibao", tmp_path / "none.csv")


def test_a_policy_pack_travels_with_the_reply(world: World, tmp_path: Path) -> None:
    township = world.office.township
    broken = tmp_path / "broken.toml"
    broken.write_text("x = 1\n", "utf-8")
    with pytest.raises(Refused):
        township.give_pack(broken)
    pack = tmp_path / "jiangsu-2018.toml"
    shutil.copyfile(resources.path("policy", "jiangsu-2018.toml"), pack)
    assert township.give_pack(pack) == "jiangsu-2018"
    world.meet()
    policy = PolicyChanges(world.laptops[0].site)
    assert [each.id for each in policy.given()] == ["jiangsu-2018"]
    policy.save("jiangsu-2018", tmp_path / "out.toml")
    assert (tmp_path / "out.toml").read_bytes() == pack.read_bytes()


def test_a_pack_taken_over_on_one_laptop_is_the_policy_of_its_colleague_and_of_the_township(
    world: World, tmp_path: Path
) -> None:
    text = resources.path("policy", "jiangsu-2018.toml").read_text("utf-8")
    pack = tmp_path / "sihong-2021.toml"
    pack.write_text(text.replace('id = "jiangsu-2018"', 'id = "sihong-2021"'), "utf-8")
    world.office.township.give_pack(pack)
    world.meet()
    first, second = world.laptops[:2]
    PolicyChanges(first.site).take("sihong-2021", "letter")
    world.meet()
    world.meet()
    assert Review(world.office.place).profile(VILLAGES[0]).id == "sihong-2021"
    kept = [[one["packs"] for one in rows(each, "village")] for each in (first, second)]
    assert kept == [[(pack.read_text("utf-8"),)]] * 2


# cases of adjudication ------------------------------------------------------------------------------------------------


def test_one_person_in_two_villages_is_settled_by_a_person(world: World) -> None:
    first, second = world.laptops[0], world.laptops[2]
    family(first, "h1", "7")
    family(second, "h2", "7")
    for laptop, entry in ((first, "h1-1"), (second, "h2-1")):
        put(laptop, "member", entry, id_number="000000199901010019")
    world.meet()
    acts = world.office.acts
    (case,) = acts.duplicates()
    with pytest.raises(Refused):
        acts.judge_same(case, "nobody", DAY, "asked")
    with pytest.raises(Refused):
        acts.judge_same(case, "h1-1", DAY, " ")
    acts.judge_same(case, "h1-1", DAY, "lives with her daughter")
    world.meet()
    assert acts.duplicates() == ()
    assert [row["left_on"] for row in rows(second, "member", id="h2-1")] == [DAY]
    assert [row["left_on"] for row in rows(first, "member", id="h1-1")] == [None]
    for laptop, entry in ((first, "h1-0"), (second, "h2-0")):
        put(laptop, "member", entry, id_number="000000199902020019")
    world.meet()
    (heads,) = acts.duplicates()
    with pytest.raises(Refused):
        acts.judge_same(heads, "h1-0", DAY, "asked")
    acts.judge_different(heads, "one card was read wrongly")
    assert acts.duplicates() == ()


# files that empty a village -------------------------------------------------------------------------------------------


def test_a_file_that_closes_most_households_waits_until_somebody_says_so(world: World) -> None:
    laptop, other = world.laptops[0], world.laptops[1]
    put_many(laptop, 20)
    world.meet()
    close_many(laptop, 15)
    written = laptop.sync.send(world.stick)
    (held,) = world.office.township.receive([written.path])
    assert (held.status, held.revisions) == ("held", 0)
    assert "15" in str(held.reason)
    (newest, *_) = world.office.township.files(VILLAGES[0])
    assert newest.asks
    told = next(w.path for w in world.office.township.reply(world.stick) if w.header.village == VILLAGES[0])
    laptop.sync.receive(told)  # the village reads at its next visit why its file waits
    assert "15" in str(laptop.sync.status().verdicts[-1].reason)
    assert other.sync.status().totals["households"] == 20
    with pytest.raises(Refused):
        world.office.township.release(VILLAGES[0], "../desk.db")
    (released,) = world.office.township.release(VILLAGES[0], newest.verdict.name)
    assert released.status == "accepted"
    assert not world.office.township.files(VILLAGES[0])[0].asks
    reply = next(w.path for w in world.office.township.reply(world.stick) if w.header.village == VILLAGES[0])
    with pytest.raises(Refused, match="15"):
        other.sync.receive(reply)
    assert other.sync.status().totals["households"] == 20
    other.sync.receive(reply, closing_meant=True)
    assert other.sync.status().totals["households"] == 5


def test_a_reply_opened_at_the_township_by_mistake_is_no_refused_file_of_the_village(world: World) -> None:
    world.meet()
    before = world.office.township.files(VILLAGES[0])
    reply = next(w.path for w in world.office.township.reply(world.stick) if w.header.village == VILLAGES[0])
    (refused,) = world.office.township.receive([reply])
    assert (refused.status, refused.village) == ("rejected", "")
    assert world.office.township.files(VILLAGES[0]) == before


def test_a_question_that_another_file_has_answered_is_asked_no_more(world: World) -> None:
    laptop, township = world.laptops[0], world.office.township
    put_many(laptop, 20)
    world.meet()
    close_many(laptop, 15)
    first = laptop.sync.send(world.stick).path
    township.receive([first])
    second = laptop.sync.send(world.stick).path  # it has heard nothing of the first, and says all of it again
    township.receive([second])
    assert [file.verdict.name for file in township.files(VILLAGES[0]) if file.asks] == [second.name, first.name]
    township.release(VILLAGES[0], second.name)
    assert not [file for file in township.files(VILLAGES[0]) if file.asks]
    (row,) = (row for row in township.villages() if row.village == VILLAGES[0])
    assert (row.held, row.totals["households"]) == (0, 5)


def test_a_question_of_which_the_database_has_forgotten_ends_with_the_next_answer(world: World) -> None:
    laptop = world.laptops[0]
    put_many(laptop, 20)
    world.meet()
    world.back_up_hub()
    close_many(laptop, 15)
    world.office.township.receive([laptop.sync.send(world.stick).path])
    world.restore_hub(in_place=True)
    put(laptop, "household", "h19", address="村东")
    later = laptop.sync.send(world.stick).path
    world.office.township.receive([later])
    world.office.township.release(VILLAGES[0], later.name)
    assert not [file for file in world.office.township.files(VILLAGES[0]) if file.asks]
    assert [row.held for row in world.office.township.villages() if row.village == VILLAGES[0]] == [0]


# what the township looks at -------------------------------------------------------------------------------------------


def test_reported_exits_findings_and_lists_of_all_villages(world: World) -> None:
    first, second = world.laptops[0], world.laptops[2]
    family(first, "h1", "7")
    family(second, "h2", "8")
    put(first, "exit", "c1", household_id="h1", state="reported", year=2026)
    put(second, "exit", "c2", household_id="h2", state="signed", year=2026)
    world.meet()
    review = Review(world.office.place)
    assert [(one.village, one.household_no, one.head, one.persons) for one in review.reported()] == [
        (VILLAGES[0], "7", "甲", 2)
    ]
    assert review.findings(VILLAGES[0]).counts["E"] >= 0
    assert [row.no for row in review.household_rows(review.household_ids())] == ["7", "8"]
    assert {hit.household_no for hit in review.find("甲")} == {"7", "8"}
    assert review.household("h2").head.name == "甲"


# sticks ---------------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_the_stick_of_last_time_is_known(world: World, tmp_path: Path) -> None:
    sync = world.laptops[0].sync
    other = tmp_path / "other"
    other.mkdir()
    assert sync.target(world.stick) == "first"
    sync.send(world.stick)
    assert sync.target(world.stick) == "same"
    assert sync.target(other) == "unmarked"
    world.laptops[2].sync.send(other)
    assert sync.target(other) == "other"
    assert (other / "villagedesk-stick.txt").read_text().strip() == world.laptops[2].place.store.setting("stick")


def test_what_was_edited_after_the_file_was_written_is_told_apart(world: World) -> None:
    world.meet()
    sync = world.laptops[0].sync
    world.save(0, 0, 0, 1)
    assert (sync.status().unsent, sync.status().edited_since) == (1, 1)
    sync.send(world.stick)
    assert (sync.status().unsent, sync.status().edited_since) == (1, 0)
    world.save(0, 0, 0, 2)
    assert (sync.status().unsent, sync.status().edited_since) == (2, 1)
    assert sync.send(world.stick, everything=True).lines > 2


def test_a_damaged_copy_says_nothing_against_the_file_taken_in(world: World) -> None:
    world.save(0, 0, 0, 1)
    written = world.laptops[0].sync.send(world.stick)
    cut = world.stick / "copy.vdsend"
    cut.write_bytes(written.path.read_bytes()[:-5])
    results = [world.office.township.receive([file])[0].status for file in (cut, written.path, cut)]
    assert results == ["rejected", "accepted", "rejected"]
    assert [one.verdict.status for one in world.office.township.files(VILLAGES[0])] == ["rejected", "accepted"]
