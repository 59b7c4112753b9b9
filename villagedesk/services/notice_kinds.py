"""What each kind of notice speaks of, and on which paper (DOMAIN §6.1). Days and wording are the profile's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from villagedesk.errors import Refused
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class NoticeOf:
    """``record``: the kind of record whose ids a notice keeps as ``case_ids``; ``paper``: what is printed of it."""

    record: str
    paper: str


NOTICES_OF: Mapping[str, NoticeOf] = MappingProxyType(
    {
        "exit": NoticeOf("exit", "exit_notice"),
        "projects": NoticeOf("project", "project_notice"),
        "funds": NoticeOf("fund", "fund_notice"),
        "donations": NoticeOf("donation", "donation_notice"),
        "effects": NoticeOf("project", "effect_notice"),
        "shares": NoticeOf("distribution", "share_notice"),
        "dwellings": NoticeOf("household", "dwelling_notice"),
        "register": NoticeOf("household", "register_notice"),
        "entry_first": NoticeOf("course", "entry_notice"),
        "entry_second": NoticeOf("course", "entry_second_notice"),
        "entry_result": NoticeOf("course", "entry_announcement"),
        "removal": NoticeOf("course", "removal_notice"),
        "monitoring_in_result": NoticeOf("monitoring", "monitoring_in_announcement"),
        "monitoring_out_result": NoticeOf("monitoring", "monitoring_out_announcement"),
        "monitoring_in": NoticeOf("monitoring", "monitoring_in_notice"),
        "monitoring_out": NoticeOf("monitoring", "monitoring_out_notice"),
        "village_exit": NoticeOf("village_exit", "village_exit_notice"),
        "village_exit_result": NoticeOf("village_exit", "village_exit_announcement"),
    }
)
"""Kind of notice of the policy pack → what it speaks of. A kind that is not here has no records to be drafted from."""


def notice_of_kind(kind: str) -> NoticeOf:
    """What a kind of notice speaks of. Raises Refused for a kind that is not drafted from records."""
    found = NOTICES_OF.get(kind)
    if found is None:
        raise Refused(say("This scheme has no notice of the kind “{kind}”.", kind=kind))
    return found


def kinds_on(paper: str) -> tuple[str, ...]:
    """The kinds of notice that are printed on this paper; a paper about the outcome of an exit notice has none."""
    return tuple(kind for kind, of in NOTICES_OF.items() if of.paper == paper)
