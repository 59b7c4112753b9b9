"""A village joins: keys, the invite as a text file, the slip that answers it, digits that both sides compare."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk import __version__, text
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.sync.invite import enrol, invite_text, read_enrolment, read_invite, write_invite
from villagedesk.sync.keys import DeviceCard, DeviceKey, HubKey, check_signature, fingerprint, key_id
from villagedesk.sync.untrusted import Fields, parse
from villagedesk.text import say

TODAY = date(2026, 11, 23)
PROBLEM = say("wrong")


@pytest.mark.parametrize("kind", [DeviceKey, HubKey])
def test_keys_come_back_from_the_store(kind):
    key = kind.generate("owner-1")
    again = kind.from_secret(key.to_secret())
    assert (again, again.sign_key, again.recipient) == (key, key.sign_key, key.recipient)
    assert kind.generate("owner-1") != key


def test_keys_do_not_show_in_messages():
    key = DeviceKey.generate("laptop-a")
    assert repr(key) == "DeviceKey(id='laptop-a')"
    assert key.identity not in str(key)


def test_keys_of_a_hub_are_none_of_a_laptop(keys):
    hub, laptop, _ = keys
    for kind, secret in ((DeviceKey, hub.to_secret()), (HubKey, laptop.to_secret())):
        with pytest.raises(Unreadable, match="keys of this desk"):
            kind.from_secret(secret)


@given(place=st.integers(0, 200), byte=st.integers(0, 255))
def test_damaged_keys_do_not_pass_for_whole_ones(keys, place, byte):
    secret = bytearray(keys[1].to_secret())
    place %= len(secret)
    if secret[place] != byte:
        secret[place] = byte
        with suppress(Unreadable):
            assert DeviceKey.from_secret(bytes(secret)) != keys[1]  # another id or seed is another key, not a crash


def test_a_signature_serves_its_purpose_only(keys):
    _, laptop, colleague = keys
    signature = laptop.sign(b"a", b"message")
    check_signature(laptop.sign_key, b"a", b"message", signature, PROBLEM)
    for key, purpose, message in [
        (laptop, b"b", b"message"),
        (laptop, b"a", b"massage"),
        (colleague, b"a", b"message"),
    ]:
        with pytest.raises(Unreadable, match="wrong"):
            check_signature(key.sign_key, purpose, message, signature, PROBLEM)
    with pytest.raises(Unreadable, match="wrong"):
        check_signature(b"short", b"a", b"message", signature, PROBLEM)


def test_both_sides_see_the_same_digits(road):
    assert road.invite().fingerprint == road.hub.fingerprint
    assert road.laptop.card("a").fingerprint == road.laptop.fingerprint != road.colleague.fingerprint
    assert re.fullmatch(r"(\d{5} ){5}\d{5}", road.hub.fingerprint)


def test_the_digits_depend_on_both_keys(keys):
    hub, laptop, _ = keys
    mixed = {fingerprint(hub.sign_key, laptop.recipient), fingerprint(laptop.sign_key, hub.recipient)}
    assert len(mixed | {hub.fingerprint, laptop.fingerprint}) == 4
    assert re.fullmatch("[0-9a-f]{16}", key_id(hub.recipient))


def test_an_invite_comes_back(road):
    invite = road.invite()
    path = write_invite(road.stick, invite, road.hub)
    assert path.name == "610102001201.vdinvite"
    assert read_invite(path, TODAY) == invite
    assert read_invite(path, invite.expires) == invite


def test_an_invite_is_a_text_a_person_recognises(road):
    invite = road.invite()
    text.use("zh_CN")
    shown = invite_text(invite, road.hub)
    assert "驻村工作台" in shown
    assert all(part in shown.split("-----")[0] for part in ("石门镇", invite.village, "2026-12-31", invite.fingerprint))
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    "mangle", [lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"), lambda data: b"> \xff\n" + data]
)
def test_an_invite_survives_mail_and_notepad(road, mangle):
    path = write_invite(road.stick, road.invite(), road.hub)
    path.write_bytes(mangle(path.read_bytes()))
    assert read_invite(path, TODAY).village == "610102001201"


def test_only_the_signed_block_counts(road):
    path = write_invite(road.stick, road.invite(), road.hub)
    path.write_text(path.read_text("utf-8").replace("610102001201", "610102001299"), "utf-8")
    assert read_invite(path, TODAY).village == "610102001201"


def test_an_old_invite_is_refused_kindly(road):
    path = write_invite(road.stick, road.invite(expires=date(2026, 11, 22)), road.hub)
    with pytest.raises(Refused, match="expired on 2026-11-22"):
        read_invite(path, TODAY)


@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_any_altered_byte_of_the_block_is_noticed(tmp_path_factory, keys, place, byte):
    from .conftest import Road

    road = Road(tmp_path_factory.mktemp("stick"), *keys)
    invite = road.invite()
    path = write_invite(road.stick, invite, road.hub)
    data = bytearray(path.read_bytes())
    start = data.index(b"-----BEGIN")
    data[start + place % (len(data) - start)] = byte
    path.write_bytes(bytes(data))
    with suppress(Unreadable):
        assert read_invite(path, TODAY) == invite  # a blank for a line end changes nothing


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"packs": {"../x.toml": ""}}, "damaged or was altered"),
        ({"packs": {"x.py": ""}}, "damaged or was altered"),
        ({"village": "61010200120"}, "damaged or was altered"),
        ({"township": "610102"}, "damaged or was altered"),
        ({"recipient": "age1" + "q" * 58}, "damaged or was altered"),
        ({"hub_name": "石门\u202e镇"}, "damaged or was altered"),
        ({"token": "x"}, "damaged or was altered"),
    ],
)
def test_a_signed_invite_that_makes_no_sense_is_refused(road, change, words):
    path = write_invite(road.stick, road.invite(**change), road.hub)
    with pytest.raises(Unreadable, match=words):
        read_invite(path, TODAY)


def test_an_invite_of_a_newer_program_says_so(road, monkeypatch):
    from villagedesk.sync import invite as module

    fields = module._invite_fields
    for program, says in (
        ("2.3.0", r"version 2\.3\.0 of the program"),
        ("", "newer version"),
        (__version__, "newer version"),
    ):
        monkeypatch.setattr(module, "_invite_fields", lambda it, by=program: {**fields(it), "v": 2, "program": by})
        with pytest.raises(Unreadable, match=says):
            read_invite(write_invite(road.stick, road.invite(), road.hub), TODAY)


def test_an_invite_signed_by_another_hub_is_refused(road):
    path = write_invite(road.stick, road.invite(), HubKey.generate("hub-1"))
    with pytest.raises(Unreadable, match="damaged or was altered"):
        read_invite(path, TODAY)


@pytest.mark.parametrize("data", [b"", b"Dear village, please join", b"\x00\xff" * 100])
def test_a_letter_is_no_invite(road, data):
    (road.stick / "x.vdinvite").write_bytes(data)
    with pytest.raises(Unreadable, match="not an invite"):
        read_invite(road.stick / "x.vdinvite", TODAY)


def test_an_invite_cut_off_is_damaged(road):
    path = write_invite(road.stick, road.invite(), road.hub)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Unreadable, match="damaged"):
        read_invite(path, TODAY)
    with pytest.raises(Unreadable, match="cannot be opened"):
        read_invite(road.stick / "none.vdinvite", TODAY)


def test_an_invite_needs_a_place_to_stand(road):
    with pytest.raises(Unavailable, match="is not there"):
        write_invite(road.stick / "gone", road.invite(), road.hub)


def test_the_slip_answers_the_invite(road):
    invite = road.invite()
    slip = read_enrolment(enrol(invite, road.laptop, "村部电脑"))
    assert slip.card == road.laptop.card("村部电脑")
    assert (slip.hub, slip.village, slip.token) == (invite.hub, invite.village, invite.token)


def test_a_slip_speaks_only_for_the_key_that_signed_it(road, monkeypatch):
    others = replace(road.colleague.card("x"), device=road.laptop.id)
    monkeypatch.setattr(DeviceKey, "card", lambda self, name: others)
    slip = enrol(road.invite(), road.laptop, "x")
    with pytest.raises(Unreadable, match="joining slip"):
        read_enrolment(slip)


@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_an_altered_slip_is_noticed(keys, place, byte):
    from .conftest import Road

    road = Road(None, *keys)
    slip = enrol(road.invite(), road.laptop, "x")
    data = bytearray(slip)
    data[place % len(data)] = byte
    if data != slip:
        with pytest.raises(Unreadable, match="joining slip"):
            read_enrolment(bytes(data))


def test_a_card_survives_the_road(keys):
    card = keys[1].card("左边的电脑")
    assert DeviceCard.from_fields(Fields(card.to_fields(), PROBLEM)) == card


DEEP = [b"[" * 70 + b"]" * 70, b'{"a":' * 70 + b"1" + b"}" * 70, b"]" * 70, b"[" * 70, b'{"a":' + b"[[]," * 100]


@pytest.mark.parametrize("data", [*DEEP, b"", b"1", b"{", b'{"a":Infinity}', b"\xff", b"null"])
def test_nonsense_is_no_object(data):
    with pytest.raises(Unreadable, match="wrong"):
        parse(data, PROBLEM)


def test_brackets_inside_words_do_not_nest():
    data = b'{"a":"' + b"[{" * 500 + rb"\"]\\" + b'","b":[' + b"[]," * 500 + b"[]]}"
    assert parse(data, PROBLEM).long_text("a", 2000)


@given(st.recursive(st.none() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=200))
def test_depth_is_measured_right(value):
    import json

    from villagedesk.sync import untrusted

    def depth(part) -> int:
        return 1 + max(map(depth, part), default=0) if isinstance(part, list) else 0

    data = json.dumps({"a": value, "pad": [[]] * 40}).encode()
    limit, untrusted.DEEPEST = untrusted.DEEPEST, random.Random(len(data)).randrange(2, 6)
    try:
        assert untrusted.too_deep(data) is (1 + max(depth(value), 2) > untrusted.DEEPEST)
    finally:
        untrusted.DEEPEST = limit


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("village", "button"),
    [("653121201201", "Open the township's invitation"), ("653121201000", "Open the county's invitation")],
)
def test_the_lines_for_people_name_the_button_that_opens_it(road, language, village, button):
    text.use(language)  # the next test begins in English again
    said = write_invite(road.stick, road.invite(village=village), road.hub).read_text("utf-8").split("-----")[0]
    assert text.tr(button) in said
    assert road.invite().fingerprint in said


def test_an_address_to_which_nothing_can_be_encrypted_is_found_at_joining(monkeypatch):
    from villagedesk.sync import keys

    recipient = keys.HubKey.generate("hub-1").recipient
    keys.try_recipient(recipient)
    monkeypatch.setattr(keys.pyrage, "encrypt", lambda *_: b"")
    with pytest.raises(Unreadable, match="Nothing can be encrypted"):
        keys.try_recipient(recipient)
