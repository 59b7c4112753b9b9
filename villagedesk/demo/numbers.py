"""Numbers that pass every check and can belong to nobody.

ID numbers begin with 19: the first two digits of an area code are a province (GB/T 2260), the provinces of the north
are 11 to 15, and no 19 was ever assigned, abolished or kept for later; 9 at the front is no way out, because foreign
residents' cards begin so and 999999 marks provisional numbers. Phones begin with 154, which no operator was ever given.
"""

from __future__ import annotations

from datetime import date
from random import Random

from stdnum.cn import ric

from villagedesk.demo.odds import between

PROVINCE = "19"
PHONE = "154"


def id_number(area: str, birth: date, place: int, *, male: bool) -> str:
    """An 18-digit resident ID number with a true check digit (GB 11643-1999); ``place`` is 0 to 499."""
    body = f"{area}{birth:%Y%m%d}{place * 2 + male:03d}"
    return body + ric.calc_check_digit(body + "0")


class Register:
    """Hands out numbers, none of them twice, for one village."""

    def __init__(self, village: str, rng: Random) -> None:
        # Villages of one township differ here, so that a township never sees a number twice.
        self._area = PROVINCE + village[8:12]
        self._taken: set[str] = set()
        self._phone = between(rng, 0, 99_999_999)
        self._rng = rng

    def id_number(self, birth: date, *, male: bool) -> str:
        """A resident ID number that nobody in the village has yet."""
        place = between(self._rng, 0, 499)
        while (number := id_number(self._area, birth, place, male=male)) in self._taken:
            place = (place + 1) % 500
        self._taken.add(number)
        return number

    def phone(self) -> str:
        """A mobile number of eleven digits; 7919 and 10^8 share no divisor, so none comes twice in 10^8."""
        self._phone = (self._phone + 7919) % 100_000_000
        return f"{PHONE}{self._phone:08d}"
