"""A file goes to the township and what comes out is what went in, byte for byte and in order."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.errors import Cancelled, Refused, Unreadable
from villagedesk.sync import limits
from villagedesk.sync.bundle import BundleHeader, Cargo, open_bundle, peek_header, write_bundle
from villagedesk.sync.invite import enrol
from villagedesk.sync.keys import DeviceKey, HubKey
from villagedesk.sync.receipt import Tip

from .conftest import LINES, NOW, SCAN, TIP, VILLAGE

HUB, LAPTOP = HubKey.generate("hub-h"), DeviceKey.generate("laptop-h")

values = st.recursive(st.text(max_size=8) | st.integers(), lambda inner: st.lists(inner, max_size=3), max_leaves=6)
lines = st.dictionaries(st.text(max_size=5), values, max_size=4).map(
    lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
)
tips = st.builds(
    Tip,
    st.from_regex(r"[0-9a-z-]{1,40}", fullmatch=True),
    st.integers(0, 2**53 - 1),
    st.binary(min_size=32, max_size=32).map(bytes.hex),
)


@given(
    lines=st.lists(lines, max_size=30),
    scans=st.lists(st.binary(max_size=2000), max_size=4),
    totals=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**53) + 1, 2**53 - 1)),
    have=st.lists(tips, max_size=4),
    documents=st.dictionaries(st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True), st.binary(max_size=300)),
    kind=st.sampled_from(["send", "reply", "peer"]),
    sequence=st.integers(0, 2**53 - 1),
)
def test_what_comes_out_is_what_went_in(tmp_path_factory, lines, scans, totals, have, documents, kind, sequence):
    folder = tmp_path_factory.mktemp("stick")
    attachments = [(hashlib.sha256(scan).hexdigest(), lambda scan=scan: scan) for scan in scans]
    cargo = Cargo(NOW, lines, attachments, totals, have, documents=documents)
    header = BundleHeader(kind, VILLAGE, sequence, "e")
    written = write_bundle(folder, header, cargo, LAPTOP, [HUB.recipient])
    with open_bundle(written.path, HUB, {LAPTOP.id: LAPTOP.sign_key}.get) as bundle:
        assert list(bundle.lines()) == lines
        assert dict(bundle.attachments()) == {hashlib.sha256(scan).hexdigest(): scan for scan in scans}
        assert (bundle.totals, bundle.have, bundle.documents) == (totals, tuple(have), documents)
        assert (bundle.line_count, bundle.attachment_count) == (len(lines), len(set(scans)))
        assert (bundle.created, bundle.header, bundle.known) == (NOW, written.header, True)
        assert bundle.enrolment is None
    assert list(folder.iterdir()) == [written.path]


def test_lines_can_be_taken_twice_and_left_halfway(road):
    with road.open(road.write().path) as bundle:
        assert list(itertools.islice(bundle.lines(), 3)) == list(LINES[:3])
        assert tuple(bundle.lines()) == LINES
        assert next(bundle.attachments())[1] == SCAN
        assert tuple(bundle.lines()) == LINES


def test_bulk_lines_cross_the_parts_of_the_package(road):
    long = [b'{"n":%d,"x":"%s"}' % (number, bytes([97 + number]) * 2_900_000) for number in range(5)]
    longest = b'{"x":"' + b"y" * (limits.LINE - 8) + b'"}'
    with road.open(road.write(cargo=Cargo(NOW, [*long, longest, b"{}"])).path) as bundle:
        assert list(bundle.lines()) == [*long, longest, b"{}"]


def test_a_long_file_takes_little_memory(road):
    """96 MiB of lines that compress by half; the whole would need far more."""
    block = hashlib.shake_256(b"village").digest(512 << 10).hex().encode()
    flow = (b'{"n":%d,"x":"%s"}' % (number, block) for number in range(96))
    tracemalloc.start()
    try:
        with road.open(road.write(cargo=Cargo(NOW, flow)).path) as bundle:
            assert sum(1 for _ in bundle.lines()) == 96
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 48 << 20


def test_each_recipient_opens_it_and_nobody_else(road):
    written = write_bundle(
        road.stick, road.header(kind="peer"), road.cargo(), road.laptop, [road.hub.recipient, road.colleague.recipient]
    )
    for key in (road.hub, road.colleague):
        with road.open(written.path, key) as bundle:
            assert tuple(bundle.lines()) == LINES
    with pytest.raises(Unreadable, match="another laptop"):
        road.open(written.path, road.laptop)


def test_the_outside_is_read_without_a_key_and_names_nobody(road):
    written = road.write()
    assert peek_header(written.path) == written.header
    assert written.path.name.startswith(f"{VILLAGE}-")
    assert written.path.name.endswith("-000012.vdsend")
    outside = written.path.read_bytes()[: -written.header.length]
    assert outside.count(b"\n") == 2
    assert len(outside) + written.header.length == written.size == written.path.stat().st_size


def test_two_laptops_with_the_same_number_do_not_overwrite_each_other(road):
    other = write_bundle(road.stick, road.header(), road.cargo(), road.colleague, [road.hub.recipient])
    assert other.path != road.write().path
    assert len(list(road.stick.iterdir())) == 2


def test_a_stranger_is_heard_with_a_joining_slip_only(road):
    stranger = DeviceKey.generate("laptop-new")
    slip = enrol(road.invite(), stranger, "新电脑")
    written = write_bundle(road.stick, road.header(), road.cargo(enrolment=slip), stranger, [road.hub.recipient])
    with road.open(written.path) as bundle:
        assert bundle.known is False
        assert bundle.enrolment.card == stranger.card("新电脑")
        assert tuple(bundle.lines()) == LINES
    written = write_bundle(road.stick, road.header(), road.cargo(), stranger, [road.hub.recipient])
    with pytest.raises(Unreadable, match="not known here"):
        road.open(written.path)


@pytest.mark.parametrize("change", [{"device": "laptop-a"}, {"village": "610102001202"}])
def test_a_joining_slip_of_another_laptop_or_village_is_refused(road, change):
    stranger = DeviceKey.generate("laptop-new")
    owner = replace(stranger, id=change.get("device", stranger.id))
    slip = enrol(road.invite(village=change.get("village", VILLAGE)), owner, "x")
    written = write_bundle(road.stick, road.header(), road.cargo(enrolment=slip), stranger, [road.hub.recipient])
    with pytest.raises(Unreadable, match="another laptop or village"):
        road.open(written.path)


def test_a_slip_signed_by_others_does_not_carry_the_file(road):
    """The slip is a stranger's own, but the outside was signed with another key."""
    stranger = DeviceKey.generate("laptop-new")
    slip = enrol(road.invite(), stranger, "x")
    written = write_bundle(
        road.stick,
        road.header(),
        road.cargo(enrolment=slip),
        replace(road.laptop, id=stranger.id),
        [road.hub.recipient],
    )
    with pytest.raises(Unreadable, match="not its sender's"):
        road.open(written.path)


def test_progress_is_told_and_grows_to_the_end(road):
    told: list[tuple[int, int]] = []
    cargo = road.cargo(lines=[b"{}"] * 1000, count=1001)
    written = road.write(cargo=cargo, step=lambda *figures: told.append(figures))
    assert told[-1] == (1001, 1001)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    told.clear()
    open_bundle(written.path, road.hub, road.trust, step=lambda *figures: told.append(figures)).close()
    assert {total for _, total in told} == {2 * written.header.length}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert written.header.length < told[-1][0] <= 2 * written.header.length


def stop_after(calls: int):
    """Progress whose watcher presses Stop at the given call."""
    left = itertools.count(calls, -1)

    def step(done: int, total: int) -> None:
        if next(left) <= 1:
            raise Cancelled

    return step


@pytest.mark.parametrize("calls", [1, 2])
def test_stopping_leaves_nothing_on_the_stick(road, calls):
    with pytest.raises(Cancelled):
        road.write(cargo=road.cargo(lines=[b"{}"] * 600), step=stop_after(calls))
    assert list(road.stick.iterdir()) == []


@pytest.mark.parametrize("calls", [1, 2])
def test_opening_can_be_stopped_while_copying_and_while_unpacking(road, calls):
    written = road.write()
    before = set(threading.enumerate())  # those of other tests end when they will
    with pytest.raises(Cancelled):
        open_bundle(written.path, road.hub, road.trust, step=stop_after(calls))
    assert set(threading.enumerate()) <= before


def test_a_failing_source_of_lines_leaves_nothing_and_speaks_for_itself(road):
    def broken():
        yield from LINES
        raise LookupError("the database went away")

    with pytest.raises(LookupError, match="went away"):
        road.write(cargo=road.cargo(lines=broken()))
    assert list(road.stick.iterdir()) == []


def test_a_damaged_attachment_of_ones_own_is_not_sent(road):
    with pytest.raises(Unreadable, match="An attachment of this desk"):
        road.write(cargo=road.cargo(attachments=[("0" * 64, lambda: b"something else")]))
    assert list(road.stick.iterdir()) == []


def test_more_than_a_reader_takes_is_not_written(road, monkeypatch):
    monkeypatch.setattr(limits, "DOCUMENT", 2000)
    with pytest.raises(Refused, match="more than one file can hold"):
        road.write(cargo=road.cargo(documents={"big": bytes(2001)}))
    with pytest.raises(Refused):
        road.write(cargo=road.cargo(documents={f"n{number}": b"" for number in range(limits.DOCUMENTS + 1)}))
    monkeypatch.setattr(limits, "LINES", 39)
    with pytest.raises(Refused):
        road.write()
    monkeypatch.setattr(limits, "LINES", 40)
    monkeypatch.setattr(limits, "UNPACKED", 8000)
    with pytest.raises(Refused):
        road.write()
    assert list(road.stick.iterdir()) == []


def test_a_line_that_no_reader_takes_is_a_bug_of_ours(road):
    with pytest.raises(ValueError, match="revision line"):
        road.write(cargo=road.cargo(lines=[b"{}", b"x" * (limits.LINE + 1)]))


def test_lines_may_come_several_at_a_time(road):
    with road.open(road.write(cargo=road.cargo(lines=[b'{"a":1}\n{"a":2}', b'{"a":3}'])).path) as bundle:
        assert bundle.line_count == 3
        assert list(bundle.lines()) == [b'{"a":1}', b'{"a":2}', b'{"a":3}']


def test_a_path_is_no_document_name(road):
    with pytest.raises(ValueError, match=r"\.\./x"):
        road.write(cargo=road.cargo(documents={"../x": b""}))


def test_tips_and_totals_stand_in_the_file_as_told(road):
    with road.open(road.write().path) as bundle:
        assert (bundle.have, dict(bundle.totals), dict(bundle.documents)) == (
            (TIP,),
            {"households": 3},
            {"list.csv": b"a,b\n"},
        )
