"""A household moves from one village of the township to another: one act, written by the township (DOMAIN §5.2).

A record belongs to one village for ever, because a village's laptops may read and write only its own. So the act has
two lines with one ``act`` id: in the old village the household leaves (``left_village``), in the new one a file is
opened with the same people (``moved_in``); each names the other's record. Both are in one transaction; each village
gets its half with its next reply.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy import kinship
from villagedesk.records.schema import RECORDS, natural_id
from villagedesk.services import event_effects as effects
from villagedesk.services import event_steps as steps
from villagedesk.services.event_course import Course, Occasion
from villagedesk.services.intake import note_chains, village_site
from villagedesk.services.site import Site
from villagedesk.store.place import Place
from villagedesk.store.work import Change
from villagedesk.text import say


@dataclass(frozen=True)
class Moved:
    """What the act did in each village."""

    left: Change
    arrived: Change
    household_id: str  # in the new village


class Moves:
    """Households that change their village."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def move(self, household_id: str, from_village: str, to_village: str, no: str, when: Occasion) -> Moved:
        """Move a whole household; ``no`` is its number in the new village.

        Raises Refused when a village has sent nothing yet, the file is closed, or the number is another household's.
        """
        if from_village == to_village:
            raise Refused([Problem(say("Choose another village than the one they live in."), "to_village")])
        with self._place.store.write() as connection:
            leaving = village_site(self._place, connection, from_village)
            arriving = village_site(self._place, connection, to_village)
            act = self._place.store.ids()
            new_id = natural_id(RECORDS["household"], to_village, {"no": no.strip()})
            left, household = _leave(connection, leaving, household_id, new_id, (when, act))
            arrived = _arrive(connection, arriving, replace(household, no=no.strip()), (when, act))
        return Moved(left, arrived, new_id)


def _leave(
    connection: Connection, site: Site, household_id: str, new_id: str, occasion: tuple[Occasion, str]
) -> tuple[Change, HouseholdDraft]:
    """The old village's half; also what the household was."""
    when, act = occasion
    with site.store.work_in(connection, "event.left_village", when.note or when.document, act) as work:
        course = Course(site, work, "left_village", when)
        household = course.household(household_id)
        if work.row("household", household_id)["village"] != site.village:  # type: ignore[index]
            raise Refused(say("This household is not one of that village. Look for it again."))
        steps.part(course, household, course.of(household, [member.id for member in household.living]))
        steps.move_state(course, household, "close")
        effects.close_household(course, household, course.reason_code)
        course.write(household.id, new_id)
    note_chains(connection, site.village, [site.store.device])
    return work.change, household


def _arrive(connection: Connection, site: Site, household: HouseholdDraft, occasion: tuple[Occasion, str]) -> Change:
    """The new village's half: a file with the same people. House and land stay behind and are asked anew."""
    when, act = occasion
    with site.store.work_in(connection, "event.moved_in", when.note or when.document, act) as work:
        course = Course(site, work, "moved_in", replace(when, reason_code=""))
        new_id = steps.found(course, household, HouseholdDraft(no=household.no, phone=household.phone))
        for member in household.living:
            arrived = replace(member, id=site.store.ids(), joined_on=when.on, joined_reason=course.reason_code)
            course.member_ids.append(work.put_draft("member", site.village, arrived, household_id=new_id))
            if member.relation == kinship.HEAD:
                course.heads.append((new_id, "", arrived.id))
        course.opened = new_id
        course.write(new_id, household.id)
    note_chains(connection, site.village, [site.store.device])
    return work.change
