"""A household moves from one village of the township to another: one act, written by the township (DOMAIN §5.2).

A record belongs to one village for ever, because a village's laptops may read and write only its own. So the act has
two lines with one ``act`` id: in the old village the household leaves (``left_village``), in the new one a file is
opened with the same people (``moved_in``); each names the other's record, village and number. Both are in one
transaction; each village gets its half with its next reply.

A half that a hub has forgotten for good is written again from the other one. Its records have ids that follow from the
move, so that a half found again later meets them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy import kinship
from villagedesk.policy.procedures import procedure
from villagedesk.records.schema import RECORDS, derived_id, natural_id
from villagedesk.services import event_effects as effects
from villagedesk.services import event_steps as steps
from villagedesk.services.event_course import Course, Occasion
from villagedesk.services.half_moves import ARRIVED, LEFT, NOWHERE, HalfMove, as_it_left, half_moves
from villagedesk.services.intake import note_own_chain, village_site
from villagedesk.services.likeness import take_along
from villagedesk.services.site import Site
from villagedesk.store.place import Place
from villagedesk.store.settings import read_setting
from villagedesk.store.work import Change
from villagedesk.text import say


@dataclass(frozen=True)
class Moved:
    """What the act did in each village."""

    left: Change
    arrived: Change
    household_id: str  # in the new village


@dataclass(frozen=True)
class _Move:
    """From where to where, and the act that says so."""

    old_id: str
    old_village: str
    new_id: str
    new_village: str
    no: str  # in the new village
    when: Occasion
    act: str


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
        new_id = natural_id(RECORDS["household"], to_village, {"no": no.strip()})
        move = _Move(household_id, from_village, new_id, to_village, no.strip(), when, self._place.store.ids())
        with self._place.store.write() as connection:
            left, household = self._leave(connection, move)
            arrived = self._arrive(connection, move, household)
        return Moved(left, arrived, new_id)

    def half(self) -> tuple[HalfMove, ...]:
        """The moves that are not whole here: one half was forgotten and has not come back."""
        with self._place.store.read() as connection:
            return half_moves(connection, self._area(connection))

    def complete(self, half: HalfMove, no: str = "", on: date | None = None) -> Change:
        """Write the missing half from the one that is here.

        ``no``: another number in the new village, where the old one is taken by now; ``on``: another day, where the
        old village has entered something later. Raises Refused when the move is whole by now, and as :meth:`move`.
        """
        with self._place.store.write() as connection:
            now = half_moves(connection, self._area(connection))
            found = next((one for one in now if one.old.household_id == half.old.household_id), None)
            if found is None:
                raise Refused(say("This move is whole by now. Look at the list again."))
            move = self._again(found, no.strip() or found.new.no, on or found.on)
            if found.why != NOWHERE:
                return self._leave(connection, move, found)[0]
            if found.left is not None and move.new_id != found.new.household_id:
                self._point_elsewhere(connection, move, found.left.id)
            return self._arrive(connection, move, as_it_left(connection, found))

    def _area(self, connection: Connection) -> str:
        return f"{read_setting(connection, 'hub', {}).get('township', '')}000"

    def _again(self, half: HalfMove, no: str, on: date) -> _Move:
        new_id = half.new.household_id
        if no != half.new.no:
            new_id = natural_id(RECORDS["household"], half.new.village, {"no": no})
        when = Occasion(on, document=half.document, note=half.note)
        ids = self._place.store.ids
        return _Move(half.old.household_id, half.old.village, new_id, half.new.village, no, when, ids())

    def _leave(
        self, connection: Connection, move: _Move, half: HalfMove | None = None
    ) -> tuple[Change, HouseholdDraft]:
        """The old village's half; also what the household was. ``half``: the file stands on after a move."""
        site = village_site(self._place, connection, move.old_village)
        when = move.when
        with site.store.work_in(connection, "event.left_village", when.note or when.document, move.act) as work:
            course = Course(site, work, LEFT, when, other_village=move.new_village, other_no=move.no)
            household = course.household(move.old_id)
            if work.row("household", move.old_id)["village"] != site.village:  # type: ignore[index]
                raise Refused(say("This household is not one of that village. Look for it again."))
            if household.living or half is None:
                steps.part(course, household, course.of(household, [member.id for member in household.living]))
            course.state_before = household.state
            if half is None or not _is_closed(site, household.state):
                steps.move_state(course, household, "close")
            effects.close_household(course, household, course.reason_code)
            known = half.left.id if half and half.left else ""
            course.write(household.id, move.new_id, own_id=known or _event_id(LEFT, move))
        note_own_chain(connection, self._place.store.device, site.village)
        return work.change, household

    def _arrive(self, connection: Connection, move: _Move, household: HouseholdDraft) -> Change:
        """The new village's half: a file with the same people. House and land stay behind and are asked anew."""
        site = village_site(self._place, connection, move.new_village)
        when = replace(move.when, reason_code="")
        with site.store.work_in(connection, "event.moved_in", when.note or when.document, move.act) as work:
            course = Course(site, work, ARRIVED, when, other_village=move.old_village, other_no=household.no)
            new_id = steps.found(course, household, HouseholdDraft(no=move.no, phone=household.phone))
            entries: dict[str, str] = {}
            for member in household.living:
                arrived = replace(member, id=derived_id("member", new_id, member.id), joined_on=when.on,
                                  joined_reason=course.reason_code)  # fmt: skip
                course.member_ids.append(work.put_draft("member", site.village, arrived, household_id=new_id))
                entries[member.id] = arrived.id
                if member.relation == kinship.HEAD:
                    course.heads.append((new_id, "", arrived.id))
            take_along(work, site.village, entries)
            course.opened = new_id
            course.write(new_id, household.id, own_id=_event_id(ARRIVED, move))
        note_own_chain(connection, self._place.store.device, site.village)
        return work.change

    def _point_elsewhere(self, connection: Connection, move: _Move, event_id: str) -> None:
        """The old village's half names the number under which the household is now to arrive."""
        site = village_site(self._place, connection, move.old_village)
        with site.store.work_in(connection, "event.left_village", move.no, move.act) as work:
            work.put("event", site.village, {"other_id": move.new_id, "other_no": move.no}, event_id)
        note_own_chain(connection, self._place.store.device, site.village)


def _event_id(kind: str, move: _Move) -> str:
    return derived_id("event", kind, move.old_id, move.new_id)


def _is_closed(site: Site, state: str) -> bool:
    known = procedure(site.profile, "household")
    return state in known.states and known.effect(state) == "closed"
