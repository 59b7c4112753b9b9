"""What every sheet says: the profile's words, dates and figures as papers write them, the stamp."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from villagedesk.documents.papers import load_papers
from villagedesk.documents.sheet import Stamp
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.profile import Profile
from villagedesk.services.site import Site
from villagedesk.values import yuan

NOT_ASKED = "未核实"


def terms(profile: Profile) -> dict[str, str]:
    """The profile's words, as papers name them: ``{household_word}`` and so on."""
    words = {name: getattr(profile.terms, name) for name in profile.terms.__dataclass_fields__ if name != "extra"}
    words |= {"income": profile.income.concept_word, "signoff": profile.signoff.name, **profile.terms.extra}
    return {f"{name}_word": word for name, word in words.items()}


def stamp(site: Site, document_id: str, no: str = "") -> Stamp:
    """The small print of a sheet made today."""
    return Stamp(document_id, no, site.today(), site.store.clock())


def chinese_date(day: date | None) -> str:
    """A date as papers write it (GB/T 9704 §7.3.5.4: Arabic figures, no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def government(township: str) -> str:
    """The office of a township or county as papers address it and sign for it: 人民政府, of a street 办事处."""
    if not township or township.endswith(("人民政府", "办事处", "管委会", "管理委员会")):
        return township
    return township + ("办事处" if township.endswith("街道") else "人民政府")


def basis(site: Site) -> str:
    """What a notice rests on: the number of the scheme's document, or that there are rules where none is known."""
    return site.profile.pack.doc_no or "上级有关规定"


def yes_no(value: bool | None) -> str:
    """是, 否, or nothing when it was not asked."""
    return {True: "是", False: "否", None: ""}[value]


def hundredths(value: int | None) -> str:
    """Land, area, distance: hundredths as a decimal number without trailing zeros."""
    return yuan(value).rstrip("0").rstrip(".") if value is not None else ""


def number(value: int | None) -> str:
    """A whole number, or nothing."""
    return "" if value is None else str(value)


def head_fields(household: HouseholdDraft, village: str) -> dict[str, str]:
    """The fields by which every household paper says whose it is."""
    head = household.head
    return {
        "village": village,
        "group": household.group or "—",
        "household_no": household.no,
        "head": head.name if head else "—",
        "size": str(len(household.living)),
    }


def word(site: Site, name: str, code: str, year: int | None = None) -> str:
    """The word of a code, or nothing for an empty one."""
    return site.codes.word(name, code, year) if code else ""


def words(site: Site, name: str, codes: tuple[str, ...]) -> str:
    """The words of several codes."""
    return "、".join(word(site, name, code) for code in codes)


def table(paper: str, name: str, rows: Iterable[Mapping[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Rows by column key in the order of the paper's columns, so that a paper can rearrange them without code."""
    columns = [column.key for column in load_papers()[paper].tables[name]]
    return tuple(tuple(row.get(key, "") for key in columns) for row in rows)
