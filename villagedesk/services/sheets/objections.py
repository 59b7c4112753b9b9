"""Papers on objections (DOMAIN §5.6): the sheet that goes with one, the answer, and what the board is told of them all.

Who objected is no field of the program; the name is written on paper by whoever hands the answer over.
"""

from __future__ import annotations

from collections.abc import Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Problem, Refused
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.text import say

_NAMED = {True: "实名", False: "匿名", None: ""}
_UPHELD = {True: "成立", False: "不成立", None: ""}


def objection_sheet(
    site: Site,
    objection: ObjectionDraft,
    state: str,
    notice: NoticeDraft | None,
    about: HouseholdDraft | None,
) -> Sheet:
    """The sheet that goes with one objection from hand to hand."""
    values = {
        "no": objection.no,
        "notice_no": notice.no if notice else "",
        "received_on": common.chinese_date(objection.received_on),
        "channel": common.word(site, "concern_channel", objection.channel),
        "named": _NAMED[objection.named],
        "about": f"{about.group}　户编号{about.no}" if about else objection.object_text,
        "text": objection.text,
        "accepted_on": common.chinese_date(objection.accepted_on),
        "found": objection.found,
        "opinion": objection.opinion,
        "outcome": _UPHELD[objection.upheld],
        "answered_on": common.chinese_date(objection.answered_on),
        "closed_on": common.chinese_date(objection.closed_on),
        "state": state,
    }
    return Sheet("objection_sheet", values, {}, common.stamp(site, objection.id, objection.no))


def objection_reply(site: Site, village: VillageDraft, objection: ObjectionDraft, notice: NoticeDraft | None) -> Sheet:
    """The answer to whoever objected. Raises Refused while nothing is decided."""
    if objection.upheld is None or not objection.opinion.strip():
        raise Refused([Problem(say("Write down what was found and decided; the answer tells both."), "opinion")])
    hotline = site.profile.hotline
    values = {
        "no": objection.no,
        "notice_no": notice.no if notice else "—",
        "received_on": common.chinese_date(objection.received_on) or "—",
        "text": objection.text,
        "found": objection.found or "—",
        "opinion": objection.opinion,
        "outcome": _UPHELD[objection.upheld],
        "township": common.government(village.township),
        "hotline_label": hotline.label,
        "hotline": hotline.number,
        "issuer": village.issuer or village.name,
        "date": common.chinese_date(objection.answered_on or site.today()),
    }
    return Sheet("objection_reply", values, {}, common.stamp(site, objection.id, objection.no))


def objection_result(
    site: Site, village: VillageDraft, notice: NoticeDraft, objections: Sequence[ObjectionDraft], phone: str
) -> Sheet:
    """What the board is told: one sentence on the whole batch. Raises Refused while an objection is not answered."""
    still = sum(objection.answered_on is None for objection in objections)
    if still:
        raise Refused(
            [
                Problem(
                    say(
                        "{n} {n:objection is|objections are} not answered. Answer {n:it|them}; the result tells "
                        "of all.",
                        n=still,
                    )
                )
            ]
        )
    upheld = sum(bool(objection.upheld) for objection in objections)
    outcome = "意见成立的，已退回重新核实，不列入上报名单。" if upheld else "名单没有变动。"
    hotline = site.profile.hotline
    values = {
        "village": village.name,
        "year": str(notice.year),
        "notice_title": site.profile.notices[notice.kind].title,
        "notice_no": notice.no,
        "start": common.chinese_date(notice.starts_on) or "—",
        "end": common.chinese_date(notice.ends_on) or "—",
        "received": str(len(objections)),
        "settled": str(len(objections)),
        "upheld": str(upheld),
        "outcome": outcome,
        "hotline_label": hotline.label,
        "hotline": hotline.number,
        "phone": phone,
        "issuer": village.issuer or village.name,
        "date": common.chinese_date(site.today()),
    }
    return Sheet("objection_result", values, {}, common.stamp(site, notice.id, notice.no))
