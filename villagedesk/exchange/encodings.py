"""Old Chinese text files: which encoding they are in, and characters that older standards kept in private places."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
"""Characters without a standard meaning."""

_GBK_ROW = 0xE815  # GBK kept 0xFE50–0xFEA0 at U+E815–U+E864, in order
_STANDARD_SINCE = MappingProxyType(  # GB 18030-2022 table D.1: places given up, U+E81E… and the vertical forms
    {
        0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14, 0xE792: 0xFE15,
        0xE793: 0xFE16, 0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19, 0xE7C7: 0x1E3F,
        0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE831: 0x215D7, 0xE83B: 0x2298F, 0xE855: 0x241FE,
        0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE832: 0x9FB8, 0xE843: 0x9FB9,
        0xE854: 0x9FBA, 0xE864: 0x9FBB,
    }
)  # fmt: skip


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark), UTF-16 with mark, or GB18030, decided by trial.

    Raises ValueError when it is none of them.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def without_private(text: str) -> str:
    """The text with private-use characters of old exports replaced by the characters they stood for.

    Those that no standard ever named stay, so that nothing is lost; :data:`PRIVATE` finds them.
    """
    return text.translate(_standard()) if PRIVATE.search(text) else text


@lru_cache
def _standard() -> Mapping[int, int]:
    table: dict[int, int] = {}
    for place, trail in enumerate(byte for byte in range(0x50, 0xA1) if byte != 0x7F):
        character = bytes((0xFE, trail)).decode("gb18030")
        if not PRIVATE.match(character):
            table[_GBK_ROW + place] = ord(character)
    return table | _STANDARD_SINCE
