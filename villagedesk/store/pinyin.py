"""How a character may be read, for finding a name by any reading (PEERS §4: plain readers miss 44 surnames)."""

from __future__ import annotations

from functools import lru_cache

_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "缪": "miao", "卜": "bu", "查": "zha", "乐": "yue",
    "覃": "qin", "翟": "zhai", "区": "ou", "朴": "piao", "尉": "yu", "员": "yun", "盖": "ge", "任": "ren",
    "华": "hua", "纪": "ji", "逄": "pang", "种": "chong", "洗": "xian", "冼": "xian", "万": "wan", "秘": "bi",
    "繁": "po", "燕": "yan", "令": "ling", "折": "she", "黑": "he", "车": "che", "都": "du", "祭": "zhai",
    "贠": "yun",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def readings(char: str) -> tuple[str, ...]:
    """Every toneless reading of a character, the usual one first; a Latin letter or digit reads as itself."""
    if char.isascii():
        return (char.lower(),)
    found = [_SURNAMES[char]] if char in _SURNAMES else []
    found += [syllable.replace("ü", "v") for syllable in _all_readings(char)]
    return tuple(dict.fromkeys(found)) or (char,)


def _all_readings(char: str) -> list[str]:
    from pypinyin import Style, pinyin  # half a second and 57 MB: only where a name is written or read

    found = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
    return found[0] if found else []
