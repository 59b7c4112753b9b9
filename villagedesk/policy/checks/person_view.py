"""A member as the rules see one: ID number, age and code groups worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from villagedesk.drafts.household import MemberDraft
from villagedesk.policy.checks.catalogue import CodeGroups
from villagedesk.policy.checks.check_context import CheckContext
from villagedesk.values import age_on, halfwidth


@dataclass(frozen=True, slots=True)
class IdParts:
    """An ID number taken apart without judging it. ``core`` is the 18-digit resident number, "" where there is none."""

    number: str = ""
    core: str = ""
    birth: date | None = None
    male: bool | None = None
    checked: bool = False  # the check digit fits
    certificate: bool = False  # a disability certificate number, or said to be one


@dataclass(frozen=True, slots=True)
class MemberView:
    """One living member. ``at`` is the place in ``household.members``."""

    draft: MemberDraft
    at: int
    ctx: CheckContext
    id: IdParts
    birth: date | None
    age: int | None
    stage: str  # one of catalogue.STAGES while at school, else ""
    well: bool
    disabled: bool
    able: bool
    unable: bool
    works: bool
    on_post: bool
    student: bool  # at any school, nursery school included
    groups: CodeGroups  # of the rule list

    def aged(self, youngest: int, oldest: int) -> bool:
        """Whether the age is known and lies within the bounds, both included."""
        return self.age is not None and youngest <= self.age <= oldest

    def under(self, age: int) -> bool:
        """Whether the age is known and less than ``age``."""
        return self.age is not None and self.age < age

    def over(self, age: int) -> bool:
        """Whether the age is known and at least ``age``."""
        return self.age is not None and self.age >= age


def view_member(draft: MemberDraft, at: int, ctx: CheckContext) -> MemberView:
    """Work out once what many rules ask of a member."""
    groups = ctx.catalogue.groups
    parts = read_id(draft.id_number, draft.id_kind in groups.id_certificate)
    birth = draft.birth or parts.birth
    return MemberView(
        draft=draft,
        at=at,
        ctx=ctx,
        id=parts,
        birth=birth,
        age=None if birth is None or birth > ctx.today else age_on(birth, ctx.today),
        stage=ctx.catalogue.stages.get(draft.schooling, ""),
        well=bool(draft.health) and groups.health_well.issuperset(draft.health),
        disabled=not groups.health_disabled.isdisjoint(draft.health),
        able=draft.labour in groups.labour_full or draft.labour in groups.labour_weak,
        unable=draft.labour in groups.labour_none or draft.labour in groups.labour_lost,
        works=bool(draft.work_months or draft.work_area or draft.work_place or draft.employer),
        on_post=bool(draft.post_kind or draft.post_months),
        student=draft.schooling in ctx.catalogue.stages,
        groups=groups,
    )


@lru_cache(maxsize=65536)
def read_id(typed: str, certificate: bool) -> IdParts:
    """Take an ID or disability certificate number apart; whatever is wrong leaves its part empty."""
    from stdnum.cn import ric  # with the first number read, not with the first page

    number = halfwidth(typed).upper()
    long = len(number) in (20, 22)
    core = number[:18] if len(number) == 18 or long else ""
    if not (core[:17].isascii() and core[:17].isdigit() and (core[17].isdigit() or core[17] == "X")) if core else True:
        return IdParts(number, certificate=certificate or long)
    return IdParts(
        number=number,
        core=core,
        birth=_date(core[6:14]),
        male=int(core[16]) % 2 == 1,
        checked=ric.calc_check_digit(core) == core[17],  # it leaves the last place out itself
        certificate=certificate or long,
    )


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
