"""Cells to values: text, numbers, dates, booleans and codes as people and Excel write them (DOMAIN §4.1, §4.4).

Every function takes a cell that is not yet converted and gives the value as it is stored; ``""``, ``None`` or ``()``
for an empty cell. It raises :class:`Unfit` with the reason when the cell cannot be taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Protocol

from villagedesk.errors import VillageDeskError
from villagedesk.exchange.encodings import without_private
from villagedesk.exchange.fields import Field
from villagedesk.exchange.id_numbers import RUINED, Ruined
from villagedesk.exchange.unfit import Unfit
from villagedesk.text import say
from villagedesk.values import halfwidth, hundredths

Convert = Callable[[object], object]

MAX_TEXT = 2_000
_EXACT = 10**15  # Excel keeps fifteen digits
_YES = frozenset(("是", "有", "1", "y", "yes", "true", "√", "✓", "✔", "对", "参加", "已参加"))
_NO = frozenset(("否", "无", "0", "n", "no", "false", "×", "x", "✗", "不是", "没有", "未参加"))
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028\u2029\ufeff\ufffe\uffff]")
_DOTS = str.maketrans(dict.fromkeys("•‧・･．∙⋅●▪", "·"))
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SOLID_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR = re.compile(r"(\d{4})(?:年度?|[-/.年]\d{1,2}(?:[-/.月](?:\d{1,2}日?)?)?)?")
_SCIENTIFIC = re.compile(r"[-+]?\d+(\.\d+)?[eE][-+]?\d+")
_DECIMAL = re.compile(r"[-+]?[\d,]{1,15}(\.\d{0,12})?[元亩]?", re.ASCII)
_SPLIT = re.compile(r"[,，、;；/|\s]+")
_PLACE = "[^路街镇乡村号0-9]"
_COUNTY = re.compile(
    rf"(?:{_PLACE}{{2,8}}?(?:省|自治区|特别行政区))?(?:{_PLACE}{{2,10}}?(?:市|自治州|州|盟|地区))?(?:{_PLACE}{{1,10}}?(?:县|区|旗|市))?"
)


class Codes(Protocol):
    """The code lists as this package needs them; :class:`villagedesk.policy.codes.CodeBook` fits."""

    def code(self, name: str, text: str, year: int | None = None, /) -> str:
        """The code meant by a word, alias or code; raises a VillageDeskError when nothing fits."""

    def word(self, name: str, code: str, year: int | None = None, /) -> str:
        """The word for a code."""


def text(cell: object) -> str:
    """The cell as plain text; a whole number without its decimal point, ``="…"`` without its wrapping."""
    if isinstance(cell, str):
        return _clean(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return str(cell)


def _clean(cell: str) -> str:
    plain = _CONTROL.sub("", cell).strip()
    if plain.startswith('="') and plain.endswith('"') and len(plain) > 2:
        plain = plain[2:-1].strip()
    if len(plain) > MAX_TEXT:
        raise Unfit(say("the text is longer than {most} characters", most=MAX_TEXT))
    return without_private(plain)


def name(cell: object) -> str:
    """A name: blanks between characters and the many middle dots of minority names made one."""
    plain = text(cell).translate(_DOTS)
    return plain if plain.isascii() else "".join(plain.split())


def serial(cell: object) -> str:
    """A number that is a name. Raises Ruined when Excel took its last digits."""
    if isinstance(cell, int | float) and abs(cell) >= _EXACT:
        raise Ruined(RUINED)
    plain = halfwidth(text(cell)).lstrip("'‘’`")
    if _SCIENTIFIC.fullmatch(plain):
        raise Ruined(RUINED)
    return "".join(plain.split())


def phone(cell: object) -> str:
    """A telephone number as typed, half-width and without blanks."""
    return serial(cell)


def boolean(cell: object) -> bool | None:
    """是/否, 有/无, 1/0."""
    word = text(cell).casefold()
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unfit(say("only 是 or 否 can stand here"))


def day(cell: object, *, from_1904: bool = False) -> date | None:
    """A date cell, an Excel day number, ``20150301``, ``2015-3-1`` or ``2015年3月1日``."""
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    plain = halfwidth(text(cell))
    if not plain:
        return None
    found = _DATE.match(plain) or _SOLID_DATE.fullmatch(plain)
    try:
        if found:
            return _plausible(date(int(found[1]), int(found[2]), int(found[3])))
        return _plausible(_from_serial(float(plain), from_1904=from_1904))
    except (ValueError, OverflowError) as error:
        raise Unfit(say("this is not a date; write it as 2015-03-01")) from error


def _from_serial(days: float, *, from_1904: bool) -> date:
    """An Excel day number. Small ones are refused: 2015 in a date column is a year, not a day of 1905."""
    if not 10_000 <= days < 80_000:
        raise ValueError(days)
    return (date(1904, 1, 1) if from_1904 else date(1899, 12, 30)) + timedelta(days=int(days))


def _plausible(found: date) -> date:
    if not 1900 <= found.year <= 2100:
        raise Unfit(say("the year {year} cannot be right", year=found.year))
    return found


def year(cell: object) -> int | None:
    """A year: ``2018``, ``2018年``, or the year of a date."""
    if isinstance(cell, date):
        return _plausible(cell).year
    plain = halfwidth(text(cell))
    if not plain:
        return None
    if found := _SOLID_DATE.fullmatch(plain) or _YEAR.fullmatch(plain):
        return _plausible(date(int(found[1]), 1, 1)).year
    raise Unfit(say("this is not a year; write it as 2018"))


def integer(cell: object, *, least: int | None = None, most: int | None = None) -> int | None:
    """A whole number within its bounds."""
    plain = halfwidth(text(cell)).removesuffix("个月").removesuffix("月").removesuffix("人").removesuffix("口")
    if not plain:
        return None
    if not re.fullmatch(r"-?\d{1,9}(\.0+)?", plain):
        raise Unfit(say("a whole number is needed here"))
    number = int(float(plain))
    if (least is not None and number < least) or (most is not None and number > most):
        raise Unfit(say("the number must lie between {least} and {most}", least=least, most=most))
    return number


def decimal(cell: object) -> int | None:
    """A decimal number in hundredths. A number cell is rounded half up, as Excel shows it; text must be exact."""
    if isinstance(cell, float) and abs(cell) < _EXACT:
        return int((Decimal(repr(cell)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    plain = re.sub(r"(平方米|m2|㎡|公里|千米|km)$", "", halfwidth(text(cell)))
    if not plain:
        return None
    try:
        return hundredths(plain if _DECIMAL.fullmatch(plain) else "")
    except ValueError as error:
        raise Unfit(say("a number with at most two decimals is needed here")) from error


def county(cell: object) -> str:
    """A place, cut off below the county (DOMAIN §8.4): where somebody works is kept no finer."""
    plain = "".join(text(cell).split())
    found = _COUNTY.match(plain)
    if found and found[0]:
        return found[0]
    return re.split(_PLACE.replace("^", ""), plain, maxsplit=1)[0]


def code(cell: object, *, field: Field, codes: Codes, years: tuple[int | None, ...]) -> str:
    """The code of a word, alias or code; a value that the year's form did not offer is taken all the same."""
    word = text(cell)
    word = field.words.get(halfwidth(word), word)
    if not word:
        return ""
    shown = re.sub(r"\d{7,}", "…", word)  # the refusal repeats the word, and must never repeat an ID number
    for of_year in years[:-1]:
        try:
            return codes.code(field.code_list, shown, of_year)
        except VillageDeskError:
            continue
    try:
        return codes.code(field.code_list, shown, years[-1])
    except VillageDeskError as error:
        raise Unfit(error.text) from error


def several(cell: object, *, one: Convert, most: int | None) -> tuple[str, ...]:
    """Several codes in one cell, separated by commas, 、 or blanks; each once, in the order given."""
    found = dict.fromkeys(str(one(part)) for part in _SPLIT.split(text(cell)) if part)
    if most is not None and len(found) > most:
        raise Unfit(say("at most {most} {most:value|values} can stand here", most=most))
    return tuple(found)


def chosen(cell: object, *, field: Field) -> str:
    """A text that may only be one of a few."""
    word = text(cell)
    word = field.words.get(halfwidth(word), word)
    if word and field.only and word not in field.only:
        raise Unfit(say("only {words} can stand here", words="、".join(field.only)))
    return word


def worded(cell: object, *, words: Mapping[str, str], convert: Convert) -> object:
    """Convert after replacing the column's own words."""
    word = words.get(text(cell)) if isinstance(cell, str | float | bool) else None
    return convert(cell if word is None else word)


def converter(field: Field, codes: Codes, year_of_codes: int, *, from_1904: bool) -> Convert:
    """The function that converts the cells of a column of ``field`` (all types but ID numbers)."""
    plain: Mapping[str, Convert] = {
        "name": name,
        "serial": serial,
        "phone": phone,
        "date": partial(day, from_1904=from_1904),
        "year": year,
        "integer": partial(integer, least=field.least, most=field.most),
        "hundredths": decimal,
        "boolean": partial(worded, words=field.words, convert=boolean) if field.words else boolean,
        "county": county,
    }
    one = partial(code, field=field, codes=codes, years=(year_of_codes, None))
    if field.kind == "code":
        return one
    if field.kind == "codes":
        return partial(several, one=one, most=field.most)
    return plain.get(field.kind, partial(chosen, field=field))
