"""Everybody his own passphrase; a role that only reads changes nothing; the recovery sheet opens again."""

from __future__ import annotations

import pytest

from tests.core.safety.conftest import CHEAP, NOW, PASSPHRASE, numbers, save
from villagedesk.desk import open_desk
from villagedesk.errors import Refused, Unreadable
from villagedesk.services.entering import begin_to_enter
from villagedesk.services.users import MANAGE, READ_RESTRICTED, WRITE, User, Users, let_in_again, refuse_weak

SECOND = "seven grey stones"


@pytest.fixture
def users(desk) -> Users:
    return Users(desk.place, CHEAP)


def _as(folder, name: str, passphrase: str = SECOND):
    return open_desk(folder, passphrase, author=name, clock=lambda: NOW, user=name)


def test_whoever_founded_the_desk_leads(users):
    assert users.all() == (User("desk", "leader", here=True),)
    assert all(users.may(what) for what in (MANAGE, WRITE, READ_RESTRICTED))


@pytest.mark.parametrize("passphrase", ["", "short", "1234567", "aaaaaaaaaaaa", "       1 "])
def test_a_weak_passphrase_is_refused_in_words(users, passphrase):
    for give in (
        lambda: users.add("王", "member", passphrase),
        lambda: users.change_passphrase(PASSPHRASE, passphrase),
    ):
        with pytest.raises(Refused, match="at least 8") as caught:
            give()
        assert caught.value.problems[0].field == "passphrase"


def test_a_passphrase_tried_beforehand_lets_its_person_in(desk, users, folder):
    users.add("王", "member", SECOND)
    desk.close()
    with open_desk(folder, begin_to_enter(folder, SECOND), clock=lambda: NOW) as opened:
        assert [user.name for user in Users(opened.place).all() if user.here] == ["王"]
    with pytest.raises(Unreadable, match="The passphrase is wrong"):
        open_desk(folder, begin_to_enter(folder, "eight grey stones"), clock=lambda: NOW)
    _as(folder, "王").close()  # nothing holds the folder


def test_eight_signs_are_enough():
    refuse_weak("五月的核桃熟了吗")
    with pytest.raises(Refused):
        refuse_weak("五月的核桃熟了")


def test_a_member_opens_and_writes_but_lets_nobody_in(desk, users, folder):
    users.add("小李", "member", SECOND)
    desk.close()
    with _as(folder, "小李") as theirs:
        save(theirs, 5)
        who = Users(theirs.place, CHEAP)
        assert who.me() == User("小李", "member", here=True)
        for verb in (
            lambda: who.add("x", "member", SECOND),
            lambda: who.remove("desk"),
            lambda: who.set_role("小李", "leader"),
            lambda: who.reset_passphrase("desk", SECOND),
            who.renew_recovery_key,
        ):
            with pytest.raises(Refused, match="Your role"):
                verb()
        who.change_passphrase(SECOND, "nine white herons")
    with _as(folder, "小李", "nine white herons") as again:
        assert "201900005" in numbers(again)


@pytest.mark.parametrize("role", ["cadre", "township"])
def test_a_reader_reads_and_changes_nothing(desk, users, folder, role):
    users.add("支书", role, SECOND)
    desk.close()
    with _as(folder, "支书") as theirs:
        assert len(numbers(theirs)) == 2
        with pytest.raises(Refused, match="read only"):
            save(theirs, 5)
        assert not theirs.users.may(WRITE)
        assert theirs.users.may(READ_RESTRICTED) == (role == "township")
        assert len(numbers(theirs)) == 2


def test_a_passphrase_alone_tells_who_it_is(desk, users, folder):
    users.add("支书", "cadre", SECOND)
    desk.close()
    with open_desk(folder, SECOND, clock=lambda: NOW) as theirs:
        assert theirs.users.me().name == "支书"


def test_who_is_removed_stays_out(desk, users, folder):
    users.add("小李", "member", SECOND)
    users.remove("小李")
    assert [user.name for user in users.all()] == ["desk"]
    desk.close()
    with pytest.raises(Unreadable, match="passphrase is wrong"):
        open_desk(folder, SECOND)


def test_one_leader_always_stays(users):
    users.add("小李", "member", SECOND)
    with pytest.raises(Refused, match="only leader"):
        users.remove("desk")
    with pytest.raises(Refused, match="only leader"):
        users.set_role("desk", "member")
    users.set_role("小李", "leader")
    users.set_role("desk", "member")
    assert [user.role for user in users.all()] == ["member", "leader"]
    with pytest.raises(Refused, match="Your role"):
        users.set_role("desk", "leader")


def test_unknown_roles_and_names_are_refused(users):
    with pytest.raises(Refused, match="Choose a role"):
        users.add("小李", "king", SECOND)
    with pytest.raises(Refused, match="Nobody here"):
        users.reset_passphrase("小李", SECOND)
    users.add("小李", "member", SECOND)
    with pytest.raises(Refused, match="already has"):
        users.add("小李", "cadre", "another passphrase")
    assert users.all()[1].role == "member"


def test_a_forgotten_passphrase_is_given_anew_by_the_leader(desk, users, folder):
    users.add("小李", "member", SECOND)
    users.reset_passphrase("小李", "nine white herons")
    desk.close()
    with _as(folder, "小李", "nine white herons") as theirs:
        assert theirs.users.me().role == "member"


def test_the_recovery_sheet_lets_the_leader_in_again(folder, recovery_key, reopen):
    with pytest.raises(Refused, match="at least 8"):
        let_in_again(folder, recovery_key, "short", cost=CHEAP)
    assert let_in_again(folder, recovery_key, SECOND, cost=CHEAP) == "desk"
    with reopen(passphrase=SECOND) as opened:
        assert len(numbers(opened)) == 2
        renewed = Users(opened.place, CHEAP).renew_recovery_key()
    with pytest.raises(Unreadable, match="another desk"):
        let_in_again(folder, recovery_key, "nine white herons", cost=CHEAP)
    let_in_again(folder, renewed, "nine white herons", cost=CHEAP)
    with pytest.raises(Refused, match="Nobody here"):
        let_in_again(folder, renewed, "nine white herons", user="谁", cost=CHEAP)


def test_roles_are_not_written_in_the_clear(desk, users, folder):
    users.add("支书", "cadre", SECOND)
    desk.close()
    for file in folder.rglob("*"):
        if file.is_file():
            assert b"cadre" not in file.read_bytes(), file.name
