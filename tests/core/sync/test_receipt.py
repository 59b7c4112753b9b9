"""The township's answer: what it took, and nothing a stranger could do with its sentences."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.errors import Unreadable
from villagedesk.sync.receipt import RECEIPT, FileVerdict, Receipt, Tip, read_receipt
from villagedesk.text import Text, say

from .conftest import NOW, VILLAGE

DIGEST = "0f" * 32
RECEIPT_1 = Receipt(
    VILLAGE,
    "hub-1",
    "epoch-1",
    (
        FileVerdict("a.vdsend", DIGEST, "accepted", 12),
        FileVerdict("b.vdsend", DIGEST, "held", 0, say("File {number} has not arrived.", number=11)),
    ),
    (Tip("laptop-a", 12, DIGEST),),
    NOW,
    {"households": 12},
    {"households": 13},
    {"laptop-a": 3},
)


def test_a_receipt_travels_in_a_reply(road):
    header = road.header(kind="reply", sequence=3)
    cargo = road.cargo(documents={RECEIPT: RECEIPT_1.to_json()})
    from villagedesk.sync.bundle import write_bundle

    written = write_bundle(road.stick, header, cargo, road.hub, [road.laptop.recipient, road.colleague.recipient])
    assert written.path.suffix == ".vdreply"
    with road.open(written.path, road.laptop) as reply:
        receipt = read_receipt(reply.documents[RECEIPT])
    assert receipt == RECEIPT_1
    assert str(receipt.files[1].reason) == "File 11 has not arrived."


times = st.timedeltas(timedelta(0), timedelta(days=2_000_000)).map(datetime(1970, 1, 2, tzinfo=UTC).__add__)
plain = st.text(st.characters(categories=["L", "N", "P"]), max_size=30)
verdicts = st.builds(
    FileVerdict,
    plain,
    st.just(DIGEST),
    st.sampled_from(["accepted", "repeated", "held", "rejected"]),
    st.integers(0, 2**40),
    st.none() | st.builds(lambda word, n: Text("File {a} of {b}.", {"a": word, "b": n}), plain, st.integers()),
)


@given(clock=times, files=st.lists(verdicts, max_size=5), totals=st.dictionaries(plain, st.integers(-9, 2**50)))
def test_every_receipt_comes_back(clock, files, totals):
    receipt = replace(RECEIPT_1, clock=clock, files=tuple(files), totals=totals)
    assert read_receipt(receipt.to_json()) == receipt


def test_a_receipt_of_an_older_hub_names_no_numbers_of_files():
    older = json.loads(RECEIPT_1.to_json())
    del older["latest"]
    assert read_receipt(json.dumps(older).encode()) == replace(RECEIPT_1, latest={})


def test_a_clock_of_another_zone_is_told_in_utc():
    peking = replace(RECEIPT_1, clock=NOW.astimezone(timezone(timedelta(hours=8))))
    assert peking.to_json() == RECEIPT_1.to_json()


def test_a_sentence_counts():
    raw = json.loads(RECEIPT_1.to_json())
    for n, words in ((1, "1 household"), ("2", "2 households")):
        raw["files"][1]["reason"] = {"text": "{n} {n:household|households}", "fields": {"n": n}}
        assert str(read_receipt(json.dumps(raw).encode()).files[1].reason) == words


@pytest.mark.parametrize(
    "reason",
    [
        {"text": "{a.__class__}", "fields": {"a": "x"}},
        {"text": "{a[0]}", "fields": {"a": "x"}},
        {"text": "{a:>9999999999}", "fields": {"a": "x"}},
        {"text": "{a!r}", "fields": {"a": "x"}},
        {"text": "{}", "fields": {}},
        {"text": "{0}", "fields": {"a": "x"}},
        {"text": "{b}", "fields": {"a": "x"}},
        {"text": "{", "fields": {}},
        {"text": "{a:{b}}", "fields": {"a": 1, "b": 2}},
        {"text": "{a:b|{b}}", "fields": {"a": 1, "b": 2}},
        {"text": "{a:b|c|d}", "fields": {"a": 1}},
        {"text": "{a:|}", "fields": {"a": 1}},
        {"text": "x", "fields": {"a": ["x"]}},
        {"text": "x", "fields": {"a": 1.5}},
        {"text": "x", "fields": {"a": True}},
        {"text": "x", "fields": {"a b": 1}},
        {"text": "x", "fields": {"a": "\u202e"}},
        {"text": "x" * 1001, "fields": {}},
        {"text": 1, "fields": {}},
        {"text": "x"},
        [],
    ],
)
def test_a_sentence_is_no_programme(reason):
    raw = json.loads(RECEIPT_1.to_json())
    raw["files"][1]["reason"] = reason
    with pytest.raises(Unreadable, match="receipt in this reply is damaged"):
        read_receipt(json.dumps(raw).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"v": 0},
        {"v": None},
        {"village": "1"},
        {"clock": "2026-13-01T00:00:00Z"},
        {"clock": "2026-11-23T08:00:00"},
        {"files": {}},
        {"files": [{"status": "maybe"}]},
        {"have": [{"device": "a", "seq": 1.0, "hash": DIGEST}]},
        {"have": [1]},
        {"totals": {"a": None}},
    ],
)
def test_a_receipt_that_makes_no_sense_is_refused(change):
    raw = json.loads(RECEIPT_1.to_json()) | change
    with pytest.raises(Unreadable, match="receipt in this reply is damaged"):
        read_receipt(json.dumps(raw).encode())


@given(place=st.integers(0, 10_000), piece=st.binary(max_size=3))
def test_a_damaged_receipt_is_read_or_refused_but_never_worse(place, piece):
    data = RECEIPT_1.to_json()
    place %= len(data)
    try:
        receipt = read_receipt(data[:place] + piece + data[place + 1 :])
        assert [str(file.reason) for file in receipt.files]
    except Unreadable:
        pass
