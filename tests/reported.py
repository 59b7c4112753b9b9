"""An exit case with all that a township looks for before it answers: the meeting, the answer, every mark."""

from __future__ import annotations

from datetime import date

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.profile import Profile
from villagedesk.policy.signoff import member_digest, scheme
from villagedesk.store.work import Work


def bear_out(work: Work, village: str, profile: Profile, household: HouseholdDraft, case: str, day: date) -> None:
    """Lay a meeting, the household's answer and the marks of the profile's scheme behind ``case``, all of one day."""
    work.put("evaluation", village, {"due": 3, "present": 3}, f"m{case}")
    told = {"evaluated_on": day, "votes_for": 3, "household_answer": "agrees", "answered_on": day}
    of_it = {"household_id": household.id, "evaluation_id": f"m{case}", "member_digest": member_digest(household)}
    work.put("exit", village, told | of_it, case)
    for number, cell in enumerate(scheme(profile).cells):
        mark = {"role": cell.role.key, "item": cell.item.key, "person": f"p{number}", "signed_on": day}
        work.put("signature", village, {"case_id": case, "mark": cell.role.marks[0], **mark}, f"{case}{number}")
