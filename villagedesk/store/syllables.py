"""A word of syllables and initials mixed, as people type a name in a hurry: ``zhangsf``, ``zsfeng`` for 张三丰."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

_FINALS = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan un uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())
"""Every toneless syllable of a character, ü written v."""
_BEGINNINGS = frozenset(syllable[:end] for syllable in SYLLABLES for end in range(1, len(syllable) + 1))
_INITIALS = frozenset("abcdefghjklmnopqrstwxyz") | {"zh", "ch", "sh"}
_LONGEST = 6
_MOST = 3


@lru_cache(maxsize=64)
def mixtures(typed: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read a word as pieces, one a character, some whole syllables, some initials; the shortest first.

    Left out is what the keys of a name hold anyway: initials alone, and whole syllables, the last unfinished.
    """
    ways = sorted((way for way in _split(typed) if _is_mixed(way)), key=len)
    return tuple(ways[:_MOST])


def _split(typed: str) -> Iterator[tuple[str, ...]]:
    if typed in _BEGINNINGS:
        yield (typed,)
    for end in range(1, min(len(typed), _LONGEST + 1)):
        if typed[:end] in SYLLABLES or typed[:end] in _INITIALS:
            for rest in _split(typed[end:]):
                yield (typed[:end], *rest)


def _is_mixed(way: Sequence[str]) -> bool:
    whole = [piece in SYLLABLES and len(piece) > 1 for piece in way]
    return len(way) > 1 and not all(whole[:-1]) and any(len(piece) > 1 for piece in way)


def narrowest(way: Sequence[str]) -> str:
    """The longest beginning of a key of the whole syllables that the pieces tell: zhang, s, f → zhangs."""
    found = [_run(way[start:]) for start in range(len(way)) if way[start] not in _INITIALS]
    return max(found, key=len, default="")


def _run(way: Sequence[str]) -> str:
    told = ""
    for piece in way:
        if piece in _INITIALS:
            return told + piece
        told += piece
    return told


def fits(way: Sequence[str], readings: Sequence[Sequence[str]]) -> bool:
    """Whether the pieces fit the characters of a name from somewhere on: syllables whole, initials and the end not."""
    last = len(way) - 1

    def meant(piece: str, options: Sequence[str], place: int) -> bool:
        begun = place == last or piece in _INITIALS
        return any(option == piece or (begun and option.startswith(piece)) for option in options)

    return any(
        all(meant(piece, readings[start + place], place) for place, piece in enumerate(way))
        for start in range(len(readings) - last)
    )
