"""The key of a desk: who gets in, by what, and what is said to those who do not."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk import text
from villagedesk.errors import Refused, Unavailable, Unreadable, VillageDeskError
from villagedesk.store import recovery, vault
from villagedesk.store.vault import (
    add_user,
    begin_to_enter,
    change_passphrase,
    create_vault,
    enter,
    open_vault,
    open_with_recovery,
    remove_user,
    renew_recovery,
    set_passphrase,
    users,
)
from villagedesk.store.wraps import STANDARD, Cost, canonical

CHEAP = Cost(64, 1, 2)  # the standard takes a quarter of a second on purpose


def clock() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english(chinese: None) -> None:
    text.use("en")


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, bytes, str]:
    path = tmp_path / "vault.json"
    data_key, printed = create_vault(path, "五月的核桃", clock, user="队长", cost=CHEAP)
    return path, data_key, printed


def test_the_passphrase_opens_the_desk(desk):
    path, data_key, _ = desk
    assert len(data_key) == 32
    assert open_vault(path, "五月的核桃") == open_vault(path, "五月的核桃", user="队长") == data_key


def test_a_passphrase_that_is_tried_already_opens_or_is_refused_as_any(desk):
    path, data_key, _ = desk
    assert enter(path, begin_to_enter(path, "五月的核桃")) == ("队长", data_key)
    begun = begin_to_enter(path, "六月的核桃")
    with pytest.raises(Unreadable, match="The passphrase is wrong"):
        enter(path, begun)
    assert begin_to_enter(path.with_name("elsewhere"), "五月的核桃") == "五月的核桃"


def test_the_standard_cost_is_what_was_decided(tmp_path):
    data_key, _ = create_vault(tmp_path / "vault.json", "x", clock)
    written = json.loads((tmp_path / "vault.json").read_bytes())
    assert written["wraps"][0]["cost"] == {"m": 65536, "t": 3, "p": 4}
    assert Cost(65536, 3, 4) == STANDARD
    assert open_vault(tmp_path / "vault.json", "x") == data_key


def test_two_desks_share_nothing(tmp_path):
    made = [create_vault(tmp_path / name, "same", clock, cost=CHEAP) for name in ("a.json", "b.json")]
    assert len({part for pair in made for part in pair}) == 4
    read = [json.loads((tmp_path / name).read_bytes()) for name in ("a.json", "b.json")]
    assert len({wrap["salt"] for raw in read for wrap in raw["wraps"]}) == 4


def test_an_input_method_left_on_does_not_lock_anybody_out(tmp_path):
    path = tmp_path / "vault.json"
    data_key, _ = create_vault(path, "abc 123", clock, cost=CHEAP)
    assert open_vault(path, " ABC 123 ".lower()) == data_key


@pytest.mark.parametrize("wrong", ["", "五月的核", "五月的核桃!", "x" * 10_000, "\udcff"])
def test_a_wrong_passphrase_is_said_to_be_wrong(desk, wrong):
    for user in (None, "队长", "谁"):
        with pytest.raises(Unreadable, match="passphrase is wrong"):
            open_vault(desk[0], wrong, user=user)


def test_a_desk_does_not_open_by_a_name_and_anothers_passphrase(desk):
    path, data_key, _ = desk
    add_user(path, data_key, "队员", "山上的路", cost=CHEAP)
    with pytest.raises(Unreadable, match="passphrase is wrong"):
        open_vault(path, "五月的核桃", user="队员")
    assert open_vault(path, "山上的路") == data_key


def test_missing_damaged_and_newer_are_three_sentences(desk):
    path, _, _ = desk
    with pytest.raises(Unreadable, match=r"key file vault\.json of the desk is missing"):
        open_vault(path.with_name("other.json"), "x")
    with pytest.raises(Unreadable, match=r"key file vault\.json of the desk is missing"):
        open_vault(path / "vault.json", "x")
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_vault(path.parent, "x")
    raw = json.loads(path.read_bytes())
    path.write_bytes(json.dumps(raw | {"v": 2}).encode())
    with pytest.raises(Unreadable, match="newer version"):
        open_vault(path, "x")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(Unreadable, match="is damaged"):
        open_vault(path, "x")


@given(seed=st.integers(0, 2**32))
def test_any_damage_is_called_damage_never_a_wrong_passphrase(tmp_path_factory, seed):
    chance = random.Random(seed)
    path = tmp_path_factory.mktemp("desk") / "vault.json"
    create_vault(path, "x", clock, cost=CHEAP)
    data = bytearray(path.read_bytes())
    place = chance.randrange(len(data))
    data[place] = data[place] ^ 1 << chance.randrange(8)
    if json.loads(path.read_bytes()) != _or_none(bytes(data)):
        path.write_bytes(bytes(data))
        with pytest.raises(Unreadable, match=r"is damaged|newer version"):
            open_vault(path, "x")


def _or_none(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return None


def rewritten(path: Path, **changes: object) -> None:
    """A vault somebody wrote with care: its digest fits."""
    raw = json.loads(path.read_bytes())
    del raw["sha256"]
    raw["wraps"][0] |= changes
    path.write_bytes(json.dumps(raw | {"sha256": vault.hashlib.sha256(canonical(raw)).hexdigest()}).encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"cost": {"m": 1 << 30, "t": 3, "p": 4}},
        {"cost": {"m": 64, "t": 1 << 20, "p": 2}},
        {"cost": {"m": 64.0, "t": 1, "p": 2}},
        {"cost": {"m": 64}},
        {"cost": 7},
        {"salt": "00"},
        {"salt": None},
        {"kind": "back door"},
        {"label": 7},
        {"label": "\ud800"},
        {"box": "zz"},
    ],
)
def test_a_forged_vault_eats_no_memory_and_breaks_nothing(desk, changes):
    if changes.get("label") == "\ud800":
        desk[0].write_bytes(desk[0].read_bytes().replace("队长".encode(), rb"\ud800"))
    else:
        rewritten(desk[0], **changes)
    with pytest.raises(Unreadable, match="is damaged"):
        open_vault(desk[0], "五月的核桃")


@pytest.mark.parametrize("changes", [{"label": "队员"}, {"box": ""}, {"box": "00" * 60}, {"cost": None}])
def test_a_wrap_passed_off_as_another_does_not_open(desk, changes):
    rewritten(desk[0], **changes)
    with pytest.raises(Unreadable, match="passphrase is wrong"):
        open_vault(desk[0], "五月的核桃")


def test_a_key_that_unwraps_but_is_another_desks_is_not_given_out(desk):
    path, _, _ = desk
    raw = json.loads(path.read_bytes())
    del raw["sha256"]
    raw["key_check"] = "长" * 64
    path.write_bytes(json.dumps(raw | {"sha256": vault.hashlib.sha256(canonical(raw)).hexdigest()}).encode())
    with pytest.raises(Unreadable, match="passphrase is wrong"):
        open_vault(path, "五月的核桃")


def test_the_passphrase_changes_and_only_the_new_one_opens(desk):
    path, data_key, printed = desk
    change_passphrase(path, "五月的核桃", "六月的杏", user="队长", cost=CHEAP)
    assert open_vault(path, "六月的杏") == open_with_recovery(path, printed) == data_key
    with pytest.raises(Unreadable):
        open_vault(path, "五月的核桃")
    with pytest.raises(Unreadable, match="passphrase is wrong"):
        change_passphrase(path, "五月的核桃", "x", user="队长", cost=CHEAP)


def test_a_change_that_the_disk_refuses_leaves_the_old_way_in(desk, monkeypatch):
    path, data_key, _ = desk

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(Unavailable):
            change_passphrase(path, "五月的核桃", "六月的杏", user="队长", cost=CHEAP)
    assert open_vault(path, "五月的核桃") == data_key
    assert [file.name for file in path.parent.iterdir()] == ["vault.json"]


def test_people_come_and_go(desk):
    path, data_key, _ = desk
    add_user(path, data_key, "队员", "山上的路", cost=CHEAP)
    assert users(path) == ("队长", "队员")
    with pytest.raises(Refused, match="already has a passphrase"):
        add_user(path, data_key, "队员", "x", cost=CHEAP)
    set_passphrase(path, data_key, "队员", "忘了又设", cost=CHEAP)
    assert (open_vault(path, "忘了又设"), len(users(path))) == (data_key, 2)
    remove_user(path, "队长")
    with pytest.raises(Unreadable):
        open_vault(path, "五月的核桃")
    with pytest.raises(Refused, match="only one"):
        remove_user(path, "队员")
    with pytest.raises(Refused, match="Nobody here"):
        remove_user(path, "队长")


def test_empty_answers_are_refused_by_their_field(desk):
    path, data_key, _ = desk
    for user, passphrase, field in (("队员", "  ", "passphrase"), (" ", "x", "user")):
        with pytest.raises(Refused) as caught:
            add_user(path, data_key, user, passphrase, cost=CHEAP)
        assert caught.value.problems[0].field == field
    assert users(path) == ("队长",)


def test_a_desk_is_not_made_over_another(desk):
    before = desk[0].read_bytes()
    with pytest.raises(Refused, match="already stands here"):
        create_vault(desk[0], "x", clock, cost=CHEAP)
    assert desk[0].read_bytes() == before


def test_only_the_right_key_adds_people(desk):
    with pytest.raises(ValueError, match="another desk"):
        add_user(desk[0], bytes(32), "队员", "x", cost=CHEAP)


def test_a_desk_takes_so_many_people_and_no_more(desk, monkeypatch):
    monkeypatch.setattr(vault, "_MOST_WRAPS", 3)
    add_user(desk[0], desk[1], "队员", "x", cost=CHEAP)
    with pytest.raises(Refused, match="More than 3"):
        add_user(desk[0], desk[1], "村干部", "x", cost=CHEAP)


def test_the_recovery_sheet_opens_the_desk_and_a_new_one_retires_it(desk):
    path, data_key, printed = desk
    assert open_with_recovery(path, printed) == data_key
    again = renew_recovery(path, data_key)
    assert open_with_recovery(path, again) == data_key
    with pytest.raises(Unreadable, match="another desk"):
        open_with_recovery(path, printed)


secrets_ = st.integers(0, 2**140 - 1).map(lambda number: number.to_bytes(18))


@given(secret=secrets_)
def test_a_recovery_key_reads_as_it_is_spelt(secret):
    printed = recovery.spell(secret)
    assert [len(group) for group in printed.split("-")] == [5] * 7
    sloppy = printed.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    full_width = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in printed)
    assert recovery.read(printed) == recovery.read(sloppy) == recovery.read(full_width) == secret


@given(secret=secrets_, place=st.integers(0, 40), sign=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U!王"))
def test_one_mistyped_sign_is_found_in_its_group(secret, place, sign):
    printed = recovery.spell(secret)
    if printed[place] not in ("-", sign):
        with pytest.raises(Unreadable, match=f"Group {place // 6 + 1} of"):
            recovery.read(printed[:place] + sign + printed[place + 1 :])


@given(secret=secrets_, one=st.integers(0, 6), two=st.integers(0, 6))
def test_groups_that_changed_seats_are_found(secret, one, two):
    groups = recovery.spell(secret).split("-")
    if groups[one][:4] != groups[two][:4]:
        groups[one], groups[two] = groups[two], groups[one]
        with pytest.raises(Unreadable, match="mistyped"):
            recovery.read("-".join(groups))


@given(st.text(max_size=60))
def test_any_text_is_a_key_or_is_refused(typed):
    try:
        recovery.spell(recovery.read(typed))
    except VillageDeskError:
        pass
    else:
        assert len(typed) >= 35
