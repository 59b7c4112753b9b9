"""Pinyin initials of common words without a dictionary: level 1 of GB 2312 is sorted by pinyin.

Good for code words (因病 → yb). Names need the full readings of the core's search.
"""

from __future__ import annotations

from bisect import bisect_right

_STARTS = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8, 0xC4C3, 0xC5B6,
    0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1, 0xD7FA,
)  # fmt: skip
_LETTERS = "abcdefghjklmnopqrstwxyz"


def initials(word: str) -> str:
    """The first letters of the readings; other characters stay, blanks and punctuation go."""
    return "".join(_initial(character) for character in word)


def _initial(character: str) -> str:
    if character.isascii():
        return character.casefold() if character.isalnum() else ""
    code = int.from_bytes(character.encode("gb18030")[:2], "big")
    place = bisect_right(_STARTS, code) - 1
    return _LETTERS[place] if 0 <= place < len(_LETTERS) else ""
