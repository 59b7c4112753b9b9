"""A damaged, forged, truncated, replayed, foreign or newer file changes nothing and is named in one plain sentence."""

from __future__ import annotations

import hashlib
import io
import json
import random
import tarfile
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from villagedesk.errors import Unreadable, VillageDeskError
from villagedesk.sync import header as headers
from villagedesk.sync import limits, tar
from villagedesk.sync.bundle import Cargo, open_bundle, peek_header, write_bundle
from villagedesk.sync.header import seal_header
from villagedesk.sync.keys import HubKey
from villagedesk.sync.package import manifest
from villagedesk.sync.untrusted import too_deep

from .conftest import LINES, NOW, SCAN, Road

RECIPE = st.integers(0, 2**32 - 1)  # a fixed range: the length of an encrypted file varies


def sentence(road: Road, path: Path) -> str:
    """The one sentence a file is refused with."""
    with pytest.raises(Unreadable) as caught:
        road.open(path)
    return caught.value.text.source


def altered(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def resigned(road: Road, written, **changes: object) -> Path:
    """The same file with another outside, validly signed."""
    payload = written.path.read_bytes()[-written.header.length :]
    clear = seal_header(replace(written.header, **changes), road.laptop)
    return altered(written.path, clear + payload)


def newer(road: Road, written) -> Path:
    line, rest = written.path.read_bytes().split(b"\n", 1)
    return altered(written.path, line.replace(b'"version":1', b'"version":2') + b"\n" + rest)


def forged(road: Road, written) -> Path:
    path = written.path.with_name("other.vdsend")
    path.write_bytes(b"")
    return write_bundle(
        road.stick, road.header(), road.cargo(), replace(road.colleague, id=road.laptop.id), [road.hub.recipient]
    ).path


def for_another(road: Road, written) -> Path:
    return write_bundle(road.stick, road.header(), road.cargo(), road.laptop, [HubKey.generate("hub-2").recipient]).path


def with_other_keys(road: Road, written) -> Path:
    """The outside says it is for us, the payload was encrypted to somebody else."""
    other = pyrage.encrypt(b"x", [pyrage.x25519.Identity.generate().to_public()])
    return road.wrap(other)


def not_compressed(road: Road, written) -> Path:
    return road.wrap(pyrage.encrypt(b"no zstd at all", [pyrage.x25519.Recipient.from_str(road.hub.recipient)]))


WRONG = {
    "foreign": (lambda road, written: altered(written.path, b"PK\x03\x04 a spreadsheet"), "not a send file"),
    "zeros": (lambda road, written: altered(written.path, bytes(90_000)), "not a send file"),
    "empty": (lambda road, written: altered(written.path, b""), "is empty"),
    "newer": (newer, "newer program"),
    "another township's": (for_another, "another township"),
    "cut": (lambda road, written: altered(written.path, written.path.read_bytes()[:-1]), "cut off"),
    "longer": (lambda road, written: altered(written.path, written.path.read_bytes() + b"\0"), "Something was added"),
    "damaged": (
        lambda road, written: altered(written.path, written.path.read_bytes()[:-1] + b"\0"),
        "damaged on the way",
    ),
    "forged": (forged, "not its sender's"),
    "stranger": (lambda road, written: road.wrap(b"x", replace(road.laptop, id="laptop-x")), "cannot be decrypted"),
    "other keys": (with_other_keys, "cannot be decrypted"),
    "no zstd": (not_compressed, "cannot be unpacked"),
    "incomplete": (lambda road, written: road.forge(road.package()[:-2000]), "is incomplete"),
    "alien": (lambda road, written: road.forge(b"a" * 1024), "parts that VillageDesk never writes"),
    "inconsistent": (lambda road, written: resigned(road, written, sequence=13), "does not agree with itself"),
    "too long": (lambda road, written: resigned(road, written, length=limits.PAYLOAD + 1), "larger than any"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_each_wrong_file_is_named_by_its_own_sentence(road, kind):
    make, words = WRONG[kind]
    assert words in sentence(road, make(road, road.write()))


def test_the_file_that_the_others_are_made_from_opens(road):
    road.open(road.write().path).close()
    road.open(road.forge(road.package())).close()


@pytest.mark.parametrize("kind", ["directory", "missing"])
def test_what_cannot_be_opened_is_named(road, kind):
    path = road.stick if kind == "directory" else road.stick / "gone.vdsend"
    assert sentence(road, path) == "“{name}” cannot be opened. Copy it again."
    with pytest.raises(Unreadable, match="cannot be opened"):
        peek_header(path)


@given(seed=RECIPE)
def test_any_flipped_bit_refuses_the_file(tmp_path_factory, keys, seed):
    chance = random.Random(seed)
    road = Road(tmp_path_factory.mktemp("stick"), *keys)
    written = road.write()
    whole = written.path.read_bytes()
    clear = len(whole) - written.header.length
    for place in (chance.randrange(clear), chance.randrange(clear, clear + 200), chance.randrange(len(whole))):
        data = bytearray(whole)
        data[place] ^= 1 << chance.randrange(8)
        sentence(road, altered(written.path, bytes(data)))


def test_cut_anywhere_the_file_is_refused(road):
    noise = random.Random(1).randbytes(60_000)
    cargo = road.cargo(attachments=[(hashlib.sha256(noise).hexdigest(), lambda: noise)])
    written = road.write(cargo=cargo)
    whole = written.path.read_bytes()
    for size in {*range(0, len(whole), 4096), *range(0, 700, 7), len(whole) - 1}:
        sentence(road, altered(written.path, whole[:size]))


@given(seed=RECIPE)
def test_a_payload_damaged_behind_a_valid_signature_is_refused(tmp_path_factory, keys, seed):
    """Whoever signs may send any bytes; neither age nor zstd nor tar may let them through or fall over."""
    chance = random.Random(seed)
    road = Road(tmp_path_factory.mktemp("stick"), *keys)
    written = road.write()
    payload = bytearray(written.path.read_bytes()[-written.header.length :])
    for _ in range(chance.randrange(1, 4)):
        start = chance.choice([0, chance.randrange(len(payload))])
        payload[start : start + chance.randrange(0, 60)] = chance.randbytes(chance.randrange(0, 60))
    if bytes(payload) != written.path.read_bytes()[-written.header.length :]:
        sentence(road, road.wrap(bytes(payload)))


@given(seed=RECIPE)
def test_a_package_altered_by_its_own_sender_is_refused(tmp_path_factory, keys, seed):
    chance = random.Random(seed)
    road = Road(tmp_path_factory.mktemp("stick"), *keys)
    package = road.package()
    blocks = [package[at : at + 512] for at in range(0, len(package), 512)]
    for _ in range(chance.randrange(1, 4)):
        place, other = chance.randrange(len(blocks)), chance.randrange(len(blocks))
        match chance.randrange(4):
            case 0:
                data = bytearray(blocks[place] or b"x")
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                blocks[place] = bytes(data)
            case 1:
                blocks[place], blocks[other] = blocks[other], blocks[place]
            case 2:
                blocks.insert(place, blocks[other])
            case _:
                blocks[place] = b""
    if b"".join(blocks) != package:
        sentence(road, road.forge(b"".join(blocks)))


def member(name: str, data: bytes) -> bytes:
    return tar.header(name, len(data)) + data + tar.padding(len(data))


def repacked(road: Road, change) -> bytes:
    """The package with its members changed and a manifest that fits: only our rules can refuse it."""
    with tarfile.open(fileobj=io.BytesIO(road.package())) as archive:
        members = [(info.name, archive.extractfile(info).read()) for info in archive][:-1]
    members = change(members)
    listed = manifest({name: hashlib.sha256(data).hexdigest() for name, data in members})
    return b"".join(member(name, data) for name, data in [*members, ("manifest-sha256.txt", listed)]) + tar.END


def put(name: str, data: bytes):
    """Replaces a member, or adds it in its place in the order."""
    ranks = ("enrolment", "revisions", "attachments", "documents", "have", "totals", "datapackage")

    def change(members):
        kept = [(name, data), *((other, rest) for other, rest in members if other != name)]
        return sorted(kept, key=lambda item: next((n for n, rank in enumerate(ranks) if item[0].startswith(rank)), 0))

    return change


def described(**changes: object):
    """Changes the description of the package inside."""

    def change(members):
        description = json.loads(dict(members)["datapackage.json"])
        description["villagedesk"] |= changes
        return put("datapackage.json", json.dumps(description).encode())(members)

    return change


OTHER = hashlib.sha256(b"other").hexdigest()
DEEP = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
ALTERED = {
    "climbing path": put("../../etc/passwd", b"x"),
    "absolute path": put("/etc/passwd", b"x"),
    "climbing document": put("documents/../../x", b"x"),
    "folder in documents": put("documents/a/b", b"x"),
    "unknown part": put("readme.txt", b"x"),
    "twice": lambda members: [members[0], *members],
    "out of order": lambda members: members[::-1],
    "no totals": lambda members: [item for item in members if item[0] != "totals.json"],
    "no description": lambda members: [item for item in members if item[0] != "datapackage.json"],
    "a document twice": lambda members: [*members[:3], members[2], *members[3:]],
    "parts that do not begin at one": lambda members: [("revisions/000002.ndjson", members[0][1]), *members[1:]],
    "a line more": put("revisions/000001.ndjson", b"\n".join(LINES) + b"\n{}\n"),
    "no line end": put("revisions/000001.ndjson", b"\n".join(LINES)),
    "an empty line": put("revisions/000001.ndjson", b"\n" * 40),
    "lines that are none": put("revisions/000001.ndjson", b"x\n" * 40),
    "lines too deep": put("revisions/000001.ndjson", (DEEP + b"\n") * 40),
    "an attachment by another name": put(f"attachments/{OTHER}", SCAN),
    "an attachment more": put(f"attachments/{OTHER}", b"other"),
    "another sender": described(sender="laptop-b"),
    "another village": described(village="610102001299"),
    "another kind": described(kind="reply"),
    "a count that is no count": described(lines=40.0),
    "have too deep": put("have.json", b'{"have":' + DEEP + b"}"),
    "have of nonsense": put("have.json", b'{"have":[{"device":"a b","seq":1,"hash":"00"}]}'),
    "have below zero": put("have.json", b'{"have":[{"device":"a","seq":-1,"hash":"%s"}]}' % (b"0" * 64)),
    "totals of floats": put("totals.json", b'{"totals":{"a":1.5}}'),
    "totals of yes": put("totals.json", b'{"totals":{"a":true}}'),
    "totals beyond numbers": put("totals.json", b'{"totals":{"a":1' + b"0" * 5000 + b"}}"),
    "totals twice": put("totals.json", b'{"totals":{"a":1,"a":2}}'),
    "totals of nothing": put("totals.json", b"[]"),
    "totals in half letters": put("totals.json", b'{"totals":{"\\ud800":2}}'),
    "totals not a number": put("totals.json", b'{"totals":{"a":NaN}}'),
    "a broken slip": put("enrolment.json", b"{}"),
}


@pytest.mark.parametrize("kind", ALTERED)
def test_a_package_against_the_rules_is_refused_though_its_manifest_fits(road, kind):
    words = sentence(road, road.forge(repacked(road, ALTERED[kind])))
    assert "joining slip" in words if kind == "a broken slip" else "does not agree with itself" in words


def test_the_package_that_the_others_are_made_from_opens(road):
    road.open(road.forge(repacked(road, lambda members: members))).close()


@pytest.mark.parametrize("letters", [b"laptop-a", SCAN[:20], b"a,b\n", b'{"households":3}'])
def test_one_letter_changed_contradicts_the_manifest(road, letters):
    package = road.package()
    changed = package.replace(letters, letters[:-1] + b"4" if letters.endswith(b"a") else letters[::-1], 1)
    assert len(changed) == len(package)
    assert changed != package
    assert "does not agree with itself" in sentence(road, road.forge(changed))


def odd(name: str = "totals.json", **changes: object) -> bytes:
    info = tarfile.TarInfo(name)
    for field, value in changes.items():
        setattr(info, field, value)
    return info.tobuf(tarfile.PAX_FORMAT)


@pytest.mark.parametrize(
    "block",
    [
        odd(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        odd(type=tarfile.LNKTYPE, linkname="/etc/passwd"),
        odd(type=tarfile.CHRTYPE),
        odd(type=tarfile.FIFOTYPE),
        odd(type=tarfile.DIRTYPE),
        odd(mode=0o4777),
        odd(uid=0, uname="root"),
        odd(mtime=1),
        odd(name="documents/" + "长" * 80),
        odd(name="n" * 300),
        tar.header("have.json", 0)[:-1] + b"x",
        b"\xff" * 512,
    ],
)
def test_links_devices_and_extensions_are_refused(road, block):
    package = road.package()
    for forged_package in (block + package, package[: -len(tar.END)] + block + tar.END):
        assert "never writes" in sentence(road, road.forge(forged_package))


@pytest.mark.parametrize("tail", [b"\0", bytes(512), b"x" * 512, member("have.json", b"{}") + tar.END])
def test_nothing_may_follow_the_end_of_the_package(road, tail):
    assert "never writes" in sentence(road, road.forge(road.package() + tail))


def test_what_fills_a_block_is_zeros(road):
    package = bytearray(road.package())
    package[tar.BLOCK * 2 - 1 + len(b"\n".join(LINES)) // tar.BLOCK * tar.BLOCK] ^= 1
    assert "never writes" in sentence(road, road.forge(bytes(package)))


def layers(*frames: bytes):
    """Compressed frames, encrypted as they are."""

    def wrap(road: Road) -> bytes:
        return pyrage.encrypt(b"".join(frames), [pyrage.x25519.Recipient.from_str(road.hub.recipient)])

    return wrap


def compressed(data: bytes, times: int = 1) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(data) * times


HUGE = 3 << 30
SMALL_LINES = compressed(b"{}\n" * (1 << 20), 400)
BOMBS = {
    "one endless line": (
        layers(compressed(tar.header("revisions/000001.ndjson", HUGE)), compressed(b"{" * (16 << 20), 192)),
        "does not agree with itself",
    ),
    "endless lines": (
        layers(compressed(tar.header("revisions/000001.ndjson", HUGE)), SMALL_LINES),
        "does not agree with itself",
    ),
    "a large document": (
        layers(compressed(tar.header("have.json", HUGE)), compressed(bytes(16 << 20), 192)),
        "more than",
    ),
    "a large attachment": (
        layers(compressed(tar.header(f"attachments/{OTHER}", HUGE)), compressed(bytes(16 << 20), 192)),
        "does not agree with itself",
    ),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_in_little_memory(road, kind, monkeypatch):
    monkeypatch.setattr(limits, "LINES", 100_000)  # two million take seconds to count
    wrap, words = BOMBS[kind]
    path = road.wrap(wrap(road))
    tracemalloc.start()
    try:
        assert words in sentence(road, path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 24 << 20


def test_more_unpacked_bytes_than_ever_written_are_refused(road, monkeypatch):
    package = road.package()
    monkeypatch.setattr(limits, "UNPACKED", len(package) - 1)
    assert "unpacks to more than" in sentence(road, road.forge(package))


def test_a_window_that_eats_memory_is_refused(road):
    parameters = zstandard.ZstdCompressionParameters(window_log=27, compression_level=3)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    frame = compressor.compress(road.package()) + compressor.flush()
    assert "cannot be unpacked" in sentence(road, road.wrap(layers(frame)(road)))


def test_a_crowd_of_recipients_is_refused_before_any_is_tried(road):
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"
    assert "cannot be decrypted" in sentence(road, road.wrap(b"age-encryption.org/v1\n" + stanza * 1000 + b"--- x\n"))


def test_a_colleague_cannot_put_his_name_on_anothers_file(road):
    written = road.write()
    payload = written.path.read_bytes()[-written.header.length :]
    assert "does not agree with itself" in sentence(road, road.wrap(payload, road.colleague))


@pytest.mark.parametrize(
    "line",
    [
        b'{"format":"villagedesk-send","version":1}',
        b'{"format":"villagedesk-send","version":0}',
        b'{"format":"villagedesk-send","version":true}',
        b'{"format":"other","version":1}',
        b"[]",
        b"{" * 4000,
        b'{"format":"villagedesk-send","version":1,"version":1}',
        b'{"format":"\xff\xfe"}',
    ],
)
def test_an_outside_that_makes_no_sense_is_no_send_file(road, line):
    path = altered(road.stick / "x.vdsend", line + b"\n" + b"0" * 128 + b"\n")
    assert "not a send file" in sentence(road, path)


@pytest.mark.parametrize("signature", [b"", b"zz" * 64, b"AB" * 64, b"00" * 63, b"00" * 65, b"\xff" * 128])
def test_a_signature_is_128_small_hex_digits(road, signature):
    line, _, rest = road.write().path.read_bytes().split(b"\n", 2)
    path = altered(road.stick / "x.vdsend", line + b"\n" + signature + b"\n" + rest)
    assert "not a send file" in sentence(road, path)


def test_an_outside_with_more_in_it_is_read_by_this_version(road, monkeypatch):
    """A later program of the same format may say more; what this one does not know stays signed and is left alone."""
    monkeypatch.setattr(headers, "asdict", lambda header: {**vars(header), "urgency": "tomorrow"})
    with road.open(road.write().path) as bundle:
        assert tuple(bundle.lines()) == LINES


def test_a_file_sent_twice_carries_the_same_name_for_receipts(road):
    written = road.write()
    copy = road.stick / "copy.vdsend"
    copy.write_bytes(written.path.read_bytes())
    with road.open(written.path) as first, road.open(copy) as second:
        assert first.sha256 == second.sha256 == written.sha256
    assert road.write(cargo=Cargo(NOW)).sha256 != written.sha256


def test_the_stick_may_go_once_the_file_is_open(road):
    written = road.write()
    with road.open(written.path) as bundle:
        written.path.unlink()
        assert tuple(bundle.lines()) == LINES


@given(data=st.binary(max_size=600))
def test_no_bytes_at_all_make_the_reader_fall_over(tmp_path_factory, keys, data):
    road = Road(tmp_path_factory.mktemp("stick"), *keys)
    path = altered(road.stick / "x.vdsend", data)
    with pytest.raises(VillageDeskError):
        open_bundle(path, road.hub, road.trust)
    with pytest.raises(VillageDeskError):
        peek_header(path)
    sentence(road, road.wrap(data))
    sentence(road, road.forge(data))


@given(st.text('[]{}"x', max_size=40).map(str.encode), st.integers(0, 70))
def test_depth_is_judged_alike_with_and_without_the_short_way(data: bytes, depth: int) -> None:
    nested = b"[" * depth + data + b"]" * depth
    escaped = nested + b'"\\n"'  # an escape anywhere takes the long way; this one adds no bracket
    assert too_deep(nested + b'"n"') == too_deep(escaped)
