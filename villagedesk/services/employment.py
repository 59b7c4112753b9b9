"""One line per person of working age: what work he or she has, and what of it the plan holds (N-2.1).

It says what there is. Who does not work is not asked why here, and nobody is counted against a number to be reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.plan import MeasureDraft
from villagedesk.policy.needs import NOT_STUDENT
from villagedesk.services.site import Site
from villagedesk.values import age_on

WORKING_AGE = range(16, 60)
_STANDING = frozenset({"planned", "active"})


def of_working_age(household: HouseholdDraft, on: date) -> tuple[MemberDraft, ...]:
    """The members of 16 to 59 years who live in the household, pupils and students too."""
    return tuple(m for m in household.living if m.birth is not None and age_on(m.birth, on) in WORKING_AGE)


def employment_line(site: Site, member: MemberDraft, measures: Iterable[MeasureDraft]) -> str:
    """What a person does: school, work, public post, what the plan holds; "" where nothing is entered."""
    codes = site.codes
    if member.schooling not in {"", NOT_STUDENT}:
        return codes.word("schooling", member.schooling)
    said = [
        " ".join(filter(None, (codes.word("work_area", member.work_area), _months(member.work_months)))),
        " ".join(filter(None, (member.post_kind, _months(member.post_months)))),
        *(each.content for each in measures if _of_work(site, each, member)),
    ]
    return "；".join(dict.fromkeys(filter(None, said)))


def _of_work(site: Site, measure: MeasureDraft, member: MemberDraft) -> bool:
    category = site.profile.measures.get(measure.category)
    concerns = measure.member_id == member.id and measure.state in _STANDING
    return concerns and category is not None and category.able_only


def _months(months: int | None) -> str:
    return f"{months}个月" if months else ""
