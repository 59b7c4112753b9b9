"""Spoils files: bits, bytes, cuts, doublings, lengths, words that parsers trip over; inside archives and texts too."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Sequence

WORDS = (
    b"\x00", b"\xff" * 4, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"-1", b"99999999999999999999", b"1e999", b"NaN",
    b"null", b"[[", b"{" * 50, b'"' * 3, b"\xed\xa0\x80", b"\xf0\x9f\x92\xa9", b"../../etc/passwd", b"=cmd|' /C x'!A0",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"&b;", b"\n\n", b"\r", b"\xef\xbb\xbf", b"0x7fffffff",
    b"2019-02-30", b"9999-12-31", b"true", b"a" * 5000, b"[a.b.c]\n", b"%s%n", "王".encode("gb18030"), b"\x81\x30",
)  # fmt: skip
"""Small things with a history."""


def spoil(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """One to five changes."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        data = chance.choice(_WAYS)(data, chance, others)
    return data


def spoil_zip(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Half the time one member is spoilt and the archive made whole again, so that the change is met inside."""
    if chance.random() < 0.5:
        return spoil(data, chance, others)
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        names = old.namelist()
        victim = chance.choice(names)
        for name in names:
            content = old.read(name)
            spoilt = spoil(content, chance, others) if name == victim else content
            undated = zipfile.ZipInfo(name)  # of another second the same spoiling would give other bytes
            new.writestr(undated, spoilt, zipfile.ZIP_DEFLATED, compresslevel=1)
    return made.getvalue()


def spoil_png(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Half the time a chunk of a PNG is spoilt and its checksum made to fit."""
    if chance.random() < 0.5 or not data.startswith(b"\x89PNG"):
        return spoil(data, chance, others)
    made, place, chunks = data[:8], 8, []
    while place + 8 <= len(data):
        size = int.from_bytes(data[place : place + 4])
        chunks.append((data[place + 4 : place + 8], data[place + 8 : place + 8 + size]))
        place += 12 + size
    victim = chance.randrange(len(chunks))
    for number, (kind, content) in enumerate(chunks):
        body = kind + (spoil(content, chance, others) if number == victim else content)
        made += (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return made


def _flip(data: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    if not data:
        return b"\x00"
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def _byte(data: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]


def _cut(data: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _drop(data: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _double(data: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 3, 100 if end - start < 500 else 1)) + data[end:]


def _word(data: bytes, chance: random.Random, _others: Sequence[bytes]) -> bytes:
    place = chance.randrange(len(data) + 1)
    word = chance.choice(WORDS)
    return data[:place] + word + data[place + chance.choice((0, len(word))) :]


def _splice(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    start, end = _span(other, chance)
    place = chance.randrange(len(data) + 1)
    return data[:place] + other[start:end] + data[place:]


def _span(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(chance.expovariate(1 / 40)))


_WAYS: tuple[Callable[[bytes, random.Random, Sequence[bytes]], bytes], ...] = (
    _flip, _byte, _cut, _drop, _double, _word, _splice,
)  # fmt: skip
