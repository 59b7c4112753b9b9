"""The recovery key as printed on the recovery sheet: seven groups of five signs, each group checking itself.

Crockford's base 32 (no I, L, O, U), four signs of content and one check sign a group, so that a slip of the pen is
found in its group before anything is tried.
"""

from __future__ import annotations

import secrets

from villagedesk.errors import Unreadable
from villagedesk.text import say
from villagedesk.values import halfwidth

GROUPS = 7
_CONTENT = 4
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS = _SIGNS + "*~$=U"
_LIKE = str.maketrans("OIL", "011")
_BITS = 5 * _CONTENT


def new_secret() -> bytes:
    """140 bits of chance."""
    return secrets.randbits(_BITS * GROUPS).to_bytes(18)


def spell(secret: bytes) -> str:
    """The secret as printed: ``2K8MV-…``."""
    number = int.from_bytes(secret)
    values = (number >> _BITS * (GROUPS - 1 - place) & (1 << _BITS) - 1 for place in range(GROUPS))
    return "-".join(_group(value, place) for place, value in enumerate(values))


def read(text: str) -> bytes:
    """The secret as typed: small letters, blanks and O for 0 are understood.

    Raises Unreadable naming the group that is mistyped.
    """
    signs = "".join(sign for sign in halfwidth(text).upper() if sign not in "- \t\r\n–—")
    size = _CONTENT + 1
    if len(signs) != GROUPS * size:
        raise Unreadable(say("A recovery key has {groups} groups of {size} signs.", groups=GROUPS, size=size))
    number = 0
    for place in range(GROUPS):
        number = number << _BITS | _value(signs[place * size : (place + 1) * size], place)
    return number.to_bytes(18)


def _group(value: int, place: int) -> str:
    content = "".join(_SIGNS[value >> 5 * (_CONTENT - 1 - n) & 31] for n in range(_CONTENT))
    return content + _CHECKS[_check(value, place)]


def _check(value: int, place: int) -> int:
    """Crockford's remainder by 37, shifted by the place so that two groups cannot change seats unseen."""
    return (value + place) % 37


def _value(group: str, place: int) -> int:
    value = 0
    for sign in group[:_CONTENT].translate(_LIKE):
        value = value << 5 | max(_SIGNS.find(sign), 0)
    known = all(sign in _SIGNS for sign in group[:_CONTENT].translate(_LIKE))
    if not known or _CHECKS[_check(value, place)] != group[_CONTENT:].translate(_LIKE):
        raise Unreadable(
            say("Group {group} of the recovery key is mistyped. Compare it with the sheet.", group=place + 1)
        )
    return value
