"""The village, its team and the helpers paired with households (DOMAIN §4.2 F, §4.5; JS-7.2.3, SZ-2.10, GZ-3.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_APART = re.compile(r"[、，,;；\s]+")


@dataclass(frozen=True, slots=True)
class VillageDraft:
    """The village file. One a desk; many at the township."""

    id: str = ""
    revision: int = 0
    code: str = ""  # 12 digits
    name: str = ""
    township: str = ""
    county: str = ""
    profile: str = ""
    profile_version: int = 0
    packs: tuple[str, ...] = ()  # texts of policy packs taken over from the township (policy.taken)
    scheme: str = ""  # the sign-off scheme the township fixed, "" while unconfirmed
    scheme_confirmed_on: date | None = None
    own_schemes: tuple[str, ...] = ()  # ways of signing the township edited itself, each kept (policy.own_scheme)
    kind: str = ""  # village_kind: 村属性
    planned_exit_year: int | None = None  # XJ-4.2
    exited_year: int | None = None
    terrain: str = ""  # terrain
    direction: str = ""  # 发展方向
    covenant: str = ""  # 村规民约 (N-9.5), its text or where it hangs
    notice_places: str = ""
    phones: str = ""  # office numbers that may stand on notices
    issuer: str = ""  # whose name notices carry
    note: str = ""


@dataclass(frozen=True, slots=True)
class HelperDraft:
    """A helper (帮扶责任人). No ID number is kept."""

    id: str = ""
    revision: int = 0
    name: str = ""
    unit: str = ""
    post: str = ""
    phone: str = ""
    sex: str = ""  # sex
    politics: str = ""  # politics: of helpers only, for the pairing of party members; never of villagers (DOMAIN §8.3)
    affiliation: str = ""  # affiliation: 隶属关系
    rank: str = ""  # 行政职务级别, a word
    education: str = ""  # education
    skill: str = ""  # 技术特长
    roles: tuple[str, ...] = ()  # helper_role, several
    note: str = ""


@dataclass(frozen=True, slots=True)
class PairingDraft:
    """A helper and a household, from day to day."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    helper_id: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class TeamMemberDraft:
    """A member of the resident team and the term served."""

    id: str = ""
    revision: int = 0
    name: str = ""
    role: str = ""  # role key of the profile
    also: str = ""  # a second role, where the profile lets one person hold both (GZ-3.2)
    unit: str = ""
    phone: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class VisitDraft:
    """A visit: who, whom, what was heard and promised. Of a household, or of the village by those of ``rule``."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    rule: str = ""  # key of the profile's [visits]: a unit's leaders in the village, their study of its affairs
    visitor: str = ""
    companion: str = ""
    visited_on: date | None = None
    met: str = ""  # who of the household was spoken with
    heard: str = ""
    problem: str = ""
    promise: str = ""
    promise_due: date | None = None
    promise_kept_on: date | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who came: the visitor and the companions, whose names are set apart by marks or blanks."""
        return tuple(filter(None, (self.visitor.strip(), *_APART.split(self.companion))))
