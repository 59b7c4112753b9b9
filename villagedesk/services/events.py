"""Household events as verbs: one action of the user, one transaction, one revision (DOMAIN §5.2, PEERS 48–57)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from villagedesk.drafts.event import EventDraft
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy import kinship
from villagedesk.policy.course_gates import STRIKE
from villagedesk.policy.kinship import Kin
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services import event_effects as effects
from villagedesk.services import event_report as reports
from villagedesk.services import event_steps as steps
from villagedesk.services.event_course import NOTHING_MORE, Afterwards, Course, Occasion
from villagedesk.services.event_preview import Rehearsed, rehearsing
from villagedesk.services.event_unmerge import Unmerge
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.services.year_lists import SNAPSHOT
from villagedesk.store.work import Change, Work
from villagedesk.text import Text, say


class Events:
    """What happens to the households of a village. Each verb raises Refused and then changes nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def of_household(self, household_id: str) -> tuple[EventDraft, ...]:
        """The events that concern a household, in order of their days."""
        table = RECORDS["event"].table
        with self._site.store.read() as connection:
            mine = (table.c.household_id == household_id) | (table.c.other_id == household_id)
            found = load_where(connection, "event", mine, table.c.kind != SNAPSHOT)
        return tuple(sorted(found.values(), key=reports.in_order))

    def of_year(self, year: int) -> tuple[EventDraft, ...]:
        """The events that the report of a year counts, in order of their days."""
        with self._site.store.read() as connection:
            return reports.events(connection, self._site.village, year)

    def names(self, persons: Iterable[str], households: Iterable[str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Names of persons and numbers of households, those of closed files too, by id."""
        with self._site.store.read() as connection:
            return reports.called(connection, "member", persons), reports.called(connection, "household", households)

    def relations(self, household_id: str, head_id: str) -> tuple[Kin, ...]:
        """What every member would be to a new head; ``asked`` where only a person can tell."""
        with self._site.store.read() as connection:
            household = one(connection, household_id)
        steps.member(household, head_id)
        return kinship.succeed(household.living, head_id, effects.offered(self._site, self._site.today().year))

    def joined_relations(self, dissolved_id: str, into_id: str, head_relation: str) -> tuple[Kin, ...]:
        """What a household's members would be to another one's head, to whom their own head is ``head_relation``."""
        with self._site.store.read() as connection:
            return self._joined(one(connection, dissolved_id), one(connection, into_id), head_relation)

    def birth(self, household_id: str, child: MemberDraft, when: Occasion) -> Change:
        """A child is born into a household; without a birth date it gets that of the event."""
        born = replace(child, birth=child.birth or when.on)
        if born.birth != when.on:
            raise Refused([Problem(say("The child's birth date is not the day of the birth. Correct one."), "birth")])
        return self._join("birth", household_id, [born], when)

    def marriage_in(self, household_id: str, spouse: MemberDraft, when: Occasion) -> Change:
        """Somebody from outside marries into a household."""
        return self._join("marriage_in", household_id, [spouse], when)

    def moved_in(self, household_id: str, persons: Sequence[MemberDraft], when: Occasion) -> Change:
        """Persons from outside the desk move into a household; a refusal names the second one at ``persons.1.…``."""
        return self._join("moved_in", household_id, persons, when)

    def death(self, household_id: str, person: str, when: Occasion, then: Afterwards = NOTHING_MORE) -> Change:
        """A member died: locked, contact data deleted, kept for the statistics of the year (DOMAIN §8.4)."""
        return self._leave("death", household_id, [person], when, then)

    def marriage_out(self, household_id: str, person: str, when: Occasion, then: Afterwards = NOTHING_MORE) -> Change:
        """A member marries out of the desk; into another household of it: :meth:`moved_within`."""
        return self._leave("marriage_out", household_id, [person], when, then)

    def moved_out(
        self, household_id: str, persons: Iterable[str], when: Occasion, then: Afterwards = NOTHING_MORE
    ) -> Change:
        """Members leave for a place outside the desk."""
        return self._leave("moved_out", household_id, persons, when, then)

    def moved_within(
        self,
        household_id: str,
        to_id: str,
        relations: Mapping[str, str],
        when: Occasion,
        then: Afterwards = NOTHING_MORE,
    ) -> Change:
        """Members move to another household; ``relations``: who, and what each is to its head. ``then``: who stays."""
        with self._course("moved_within", when) as course:
            household, other = course.household(household_id), course.household(to_id)
            if household.id == other.id:
                raise Refused([Problem(say("Choose another household than the one they live in."), "other_id")])
            movers = course.of(household, relations)
            steps.take_over(course, household, other.id, movers)
            effects.settle_head(course, household, relations, then)
            kin = [Kin(member.id, member.name, member.relation, "") for member in movers]
            effects.write_relations(course, kin, relations)
            effects.send_back(course, other.id)
            course.write(household.id, other.id)
        return course.work.change

    def split(
        self,
        household_id: str,
        persons: Iterable[str],
        founded: HouseholdDraft,
        head_id: str,
        when: Occasion,
        *,
        relations: Mapping[str, str] | None = None,
        then: Afterwards = NOTHING_MORE,
    ) -> Change:
        """Members found a household of their own under ``head_id``.

        Of ``founded`` number, group, address and phone count. The household inherits how the old one was identified;
        what belongs to house and land is asked anew.
        """
        with self._course("split", when) as course:
            household = course.household(household_id)
            movers = course.of(household, persons)
            ids = [member.id for member in movers]
            if len(movers) == len(household.living):
                raise Refused([Problem(say("Somebody has to stay in household {no}.", no=household.no), "member_ids")])
            if head_id not in ids:
                raise Refused([Problem(say("Choose the new household's head among those who leave."), "head_id")])
            new_id = steps.found(course, household, founded)
            kin = kinship.succeed(household.living, head_id, effects.offered(self._site, when.on.year))
            steps.take_over(course, household, new_id, movers)
            effects.settle_head(course, household, ids, then)
            effects.write_relations(course, [each for each in kin if each.member_id in ids], relations or {})
            course.heads.append((new_id, "", head_id))
            course.opened = new_id
            course.write(household.id, new_id)
        return course.work.change

    def merge(self, dissolved_id: str, into_id: str, relations: Mapping[str, str], when: Occasion) -> Change:
        """A household joins another one, whose head stays.

        ``relations``: what its head is to that head, and whoever is asked. Its number is kept with its closed file,
        for :meth:`unmerge`.
        """
        with self._course("merge", when) as course:
            household, other = course.household(dissolved_id), course.household(into_id)
            if household.id == other.id or household.head is None:
                raise Refused([Problem(say("Choose two different households with a head each."), "other_id")])
            movers = course.of(household, [member.id for member in household.living])
            kin = self._joined(household, other, relations.get(household.head.id, ""))
            steps.take_over(course, household, other.id, movers)
            effects.write_relations(course, kin, relations)
            effects.close_household(course, household, course.reason_code)
            effects.send_back(course, other.id)
            course.write(household.id, other.id)
        return course.work.change

    def unmerge(
        self,
        merge_id: str,
        when: Occasion,
        *,
        staying: Afterwards = NOTHING_MORE,
        restored: Afterwards = NOTHING_MORE,
        going: Iterable[str] = (),
    ) -> Change:
        """Take a merge back: both households as they were, with whatever else was changed since.

        ``going``: members who came since and belong to the restored household. ``staying`` and ``restored`` name heads
        and relations where those of before have died or left.
        """
        with self._course("unmerge", when) as course:
            Unmerge(course, merge_id).take_back(staying, restored, tuple(going))
        return course.work.change

    def change_head(self, household_id: str, then: Afterwards, when: Occasion) -> Change:
        """Another living member becomes head; the others' relations by rule, or as answered."""
        with self._course("head", when) as course:
            household = course.household(household_id)
            (head,) = course.of(household, [then.head_id])
            if head.relation == kinship.HEAD:
                raise Refused([Problem(say("{name} is the head already.", name=head.name), "head_id")])
            effects.follow_head(course, household, then, household.living)
            effects.send_back(course, household.id)
            course.member_ids = [head.id]
            course.write(household.id)
        return course.work.change

    def left_village(self, household_id: str, when: Occasion) -> Change:
        """The whole household moved to another village; its file closes."""
        return self._close("left_village", household_id, when)

    def removed(self, household_id: str, when: Occasion) -> Change:
        """The file is taken off the register; ``when.reason_code`` is of household_out and has to be given."""
        return self._close("removed", household_id, when)

    def suspended(self, household_id: str, when: Occasion) -> Change:
        """Assistance is suspended; the members stay counted."""
        return self._turn("suspended", "suspend", household_id, when)

    def resumed(self, household_id: str, when: Occasion) -> Change:
        """Assistance goes on, in the state in which it was suspended."""
        return self._turn("resumed", "resume", household_id, when)

    def fell_back(self, household_id: str, when: Occasion) -> Change:
        """A household that had exited returned to poverty (返贫)."""
        return self._turn("fell_back", "fall_back", household_id, when)

    def snapshot(self, year: int) -> Change:
        """Freeze who belonged to which household, and its head, at the end of a year; once, after the year is over."""
        with self._site.store.work("event.snapshot", str(year)) as work:
            reports.freeze(self._site, work, year)
        return work.change

    def snapshots(self, year: int) -> tuple[EventDraft, ...]:
        """The frozen list of a year, a record a household; empty when it was not frozen."""
        with self._site.store.read() as connection:
            return reports.frozen(connection, self._site.village, year)

    def report(self, year: int) -> reports.Report:
        """Households and persons at the beginning of a year, what changed, and at its end (or today)."""
        with self._site.store.read() as connection:
            return reports.report(connection, self._site.village, year)

    def rehearse(self, verb: Callable[[Events], Change]) -> tuple[Text, ...]:
        """What ``verb`` would do, in plain words; nothing is kept. Raises Refused as the verb would."""
        try:
            verb(_Rehearsal(self._site))
        except Rehearsed as done:
            return done.effects
        raise RuntimeError("only an event can be rehearsed")

    @contextmanager
    def _course(self, kind: str, when: Occasion) -> Iterator[Course]:
        with self._site.store.work(f"event.{kind}", when.note or when.document or kind) as work:
            yield Course(self._site, work, kind, when)

    def _join(self, kind: str, household_id: str, persons: Sequence[MemberDraft], when: Occasion) -> Change:
        with self._course(kind, when) as course:
            household = course.household(household_id)
            steps.welcome(course, household, persons)
            effects.send_back(course, household.id)
            course.write(household.id)
        return course.work.change

    def _leave(self, kind: str, household_id: str, persons: Iterable[str], when: Occasion, then: Afterwards) -> Change:
        with self._course(kind, when) as course:
            household = course.household(household_id)
            leavers = course.of(household, persons)
            steps.part(course, household, leavers)
            effects.settle_head(course, household, course.member_ids, then)
            effects.send_back(course, household.id)
            course.write(household.id)
        return course.work.change

    def _joined(self, household: HouseholdDraft, other: HouseholdDraft, head_relation: str) -> tuple[Kin, ...]:
        if household.head is None or other.head is None:
            raise Refused([Problem(say("Choose two different households with a head each."), "other_id")])
        known = effects.offered(self._site, self._site.today().year)
        return kinship.join(household.living, other.head, head_relation, known)

    def _close(self, kind: str, household_id: str, when: Occasion) -> Change:
        with self._course(kind, when) as course:
            _close(course, household_id)
        return course.work.change

    def _turn(self, kind: str, verb: str, household_id: str, when: Occasion) -> Change:
        with self._course(kind, when) as course:
            _turn(course, kind, verb, household_id)
        return course.work.change


class _Rehearsal(Events):
    """The same verbs for what they would do: each ends in :class:`Rehearsed`, its transaction rolled back."""

    @contextmanager
    def _course(self, kind: str, when: Occasion) -> Iterator[Course]:
        with super()._course(kind, when) as course, rehearsing(course):
            yield course


def strike_off(site: Site, work: Work, household_id: str, when: Occasion) -> None:
    """A household was identified wrongly, inside a transaction: its removal came to its end."""
    by_procedure = replace(when, reason_code=effects.STRUCK_OFF)
    _close(Course(site, work, "removed", by_procedure, by_procedure=True), household_id)


def _close(course: Course, household_id: str) -> None:
    household = course.household(household_id)
    if household.living:
        steps.part(course, household, course.of(household, [member.id for member in household.living]))
    steps.move_state(course, household, STRIKE if course.reason_code == effects.STRUCK_OFF else "close")
    effects.close_household(course, household, course.reason_code)
    course.write(household.id)


def fall_back(site: Site, work: Work, household_id: str, when: Occasion) -> None:
    """A household returned to poverty, inside a transaction: its monitoring found it."""
    _turn(Course(site, work, "fell_back", when), "fell_back", "fall_back", household_id)


def _turn(course: Course, kind: str, verb: str, household_id: str) -> None:
    household = course.household(household_id)
    state = steps.move_state(course, household, verb)
    if kind == "suspended":
        course.state_before = household.state
    if kind == "resumed" and (before := reports.state_before(course.work.connection, household.id)):
        course.put("household", household.id, state=before)
    if state == steps.RETURNED:
        course.put("household", household.id, returned_year=course.when.on.year)
    if kind != "resumed":
        effects.send_back(course, household.id, always=True)
    course.write(household.id)
