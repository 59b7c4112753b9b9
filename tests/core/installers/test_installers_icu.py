"""The data of ICU is cut by name: what Qt asks for stays byte for byte, what it never asks for goes."""

from __future__ import annotations

import struct

import pytest
from release import icu

PARTS = {
    "icudt73l/brkitr/cjdict.dict": b"words of a line breaker",
    "icudt73l/cnvalias.icu": b"names of encodings",
    "icudt73l/coll/root.res": b"order of all languages",
    "icudt73l/coll/ucadata.icu": b"weights" * 9,
    "icudt73l/coll/zh.res": b"pinyin",
    "icudt73l/coll/zu.res": b"zulu",
    "icudt73l/gb18030.cnv": b"Chinese",
    "icudt73l/ibm-37_P100-1995.cnv": b"punched cards",
    "icudt73l/root.res": b"",
    "icudt73l/zone/zh_Hant_HK.res": b"Hong Kong",
}


def table(parts: dict[str, bytes]) -> bytes:
    """As ICU writes it: a head of 32 bytes, the places of names and parts, the names, the parts aligned to 16."""
    names = b"".join(name.encode() + b"\0" for name in parts)
    places, body = [], b""
    named = 4 + 8 * len(parts)
    first = -(-(named + len(names)) // 16) * 16
    for name, part in parts.items():
        places.append(struct.pack("<II", named, first + len(body)))
        named += len(name) + 1
        body += part + b"\0" * (-len(part) % 16)
    head = struct.pack("<H", 32) + b"\xda\x27" + bytes(8) + b"CmnD" + bytes(16)
    return head + (struct.pack("<I", len(parts)) + b"".join(places) + names).ljust(first, b"\0") + body


def plain(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {name: part.rstrip(b"\0") for name, part in parts.items()}


def test_what_is_kept_is_found_again_under_its_name_byte_for_byte():
    gone = {"brkitr/cjdict.dict", "coll/zu.res", "ibm-37_P100-1995.cnv"}
    kept = {name: part for name, part in PARTS.items() if name.partition("/")[2] not in gone}
    small = icu.cut(table(PARTS))
    assert plain(icu.entries(small)) == kept
    assert small[:32] == table(PARTS)[:32]
    assert len(small) % 16 == 0


def test_cutting_twice_is_cutting_once():
    once = icu.cut(table(PARTS))
    assert icu.cut(once) == once


@pytest.mark.parametrize("name", ["zoneinfo64.res", "keyTypeData.res", "zone/pool.res", "zh.res", "en_001.res"])
def test_time_zones_and_both_languages_stay(name):
    assert icu.keeps(name)


@pytest.mark.parametrize("name", ["unit/zh.res", "translit/root.res", "fr_CA.res", "ff_Adlm.res", "euc-jp-2007.cnv"])
def test_what_qt_never_asks_for_goes(name):
    assert not icu.keeps(name)


def test_something_else_is_not_taken_for_the_data_of_icu():
    with pytest.raises(ValueError, match="not the data of ICU"):
        icu.cut(bytes(64))
