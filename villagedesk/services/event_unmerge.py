"""Taking a merge back: both households as they were, whatever else was changed since kept (PEERS 57, decision 0031)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from villagedesk.drafts.event import EventDraft
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy import kinship
from villagedesk.policy.kinship import Kin
from villagedesk.policy.procedures import procedure
from villagedesk.records.load import load
from villagedesk.records.schema import RECORDS, revision, touch
from villagedesk.services import event_effects as effects
from villagedesk.services.event_course import Afterwards, Course
from villagedesk.store import lines
from villagedesk.text import say


class Unmerge:
    """One merge, read from the revision that wrote it, being taken back."""

    def __init__(self, course: Course, merge_id: str) -> None:
        found = load(course.work.connection, "event", [merge_id])
        if not found or found[merge_id].kind != "merge":
            raise Refused(say("This merge is not in the desk any more."))
        self._course = course
        self._merge: EventDraft = found[merge_id]
        self._here, self._there = self._merge.other_id, self._merge.household_id  # survivor, dissolved
        self._number, self._lines = self._written()

    def take_back(self, staying: Afterwards, restored: Afterwards, going: Sequence[str]) -> None:
        """Restore both sides and write the event."""
        survivor = self._survivor()
        self._demand_possible(survivor, going)
        before = self._relations_before()
        ids = {member.id for member in survivor.living}
        moved = [member_id for member_id in self._merge.member_ids if member_id in ids]
        self._restore()
        effects.follow_persons(self._course, self._here, self._there, going)
        self._course.member_ids = [*moved, *going]
        self._settle(self._there, survivor, before, restored)
        self._settle(self._here, survivor, before, staying)
        for household_id in (self._here, self._there):
            if self._changed_since(household_id, before):
                effects.send_back(self._course, household_id)
        self._course.opened = self._there
        self._course.takes_back = self._merge.id
        self._course.reason_code = ""
        self._course.write(self._here, self._there)

    def _written(self) -> tuple[int, list[lines.RecordChange]]:
        """The local number and the changes of the revisions that the merge wrote."""
        connection = self._course.work.connection
        joined = select(revision.c.act).join_from(touch, revision, touch.c.revision == revision.c.n)
        first = joined.where(touch.c.record == self._merge.id).order_by(revision.c.hlc).limit(1)
        act = connection.execute(first).scalar_one()
        rows = connection.execute(select(revision.c.n, revision.c.line).where(revision.c.act == act)).all()
        changes = [change for row in rows for change in lines.decode(lines.unpack(row.line)).changes]
        return max(row.n for row in rows), changes

    def _survivor(self) -> HouseholdDraft:
        row = self._course.work.row("household", self._here)
        if row is None or row["removed"]:
            raise Refused(say("The household they joined is closed itself. Undo that first."))
        return self._course.household(self._here)

    def _demand_possible(self, survivor: HouseholdDraft, going: Sequence[str]) -> None:
        dissolved = self._course.work.row("household", self._there)
        if dissolved is None or not dissolved["removed"]:
            raise Refused(say("This merge was taken back already."))
        others = self._course.work.rows("household", village=self._course.site.village, no=dissolved["no"])
        if others:
            text = say("Its number {no} is in use by another household. Change that one first.", no=dissolved["no"])
            raise Refused(text)
        ids = {member.id for member in survivor.living}
        back = [member_id for member_id in self._merge.member_ids if member_id in ids]
        if not back:
            raise Refused(say("Nobody who came with this merge lives there any more."))
        if len({*back, *going}) == len(ids):
            text = say("Somebody has to stay in household {no}.", no=survivor.no)
            raise Refused([Problem(text, "going")])
        self._course.of(survivor, [*back, *going])

    def _restore(self) -> None:
        """Write back what the merge wrote, unless it was changed since; relations are settled apart."""
        for change in sorted(self._lines, key=lambda change: not change.parents):
            row = self._course.work.row(change.kind, change.record)
            if row is None or change.kind == "event":
                continue
            if not change.parents:
                self._take_away(change, row)
            elif self._may_return(change, row):
                self._course.work.put(change.kind, row["village"], self._old(change, row), change.record)

    def _take_away(self, change: lines.RecordChange, row: Mapping[str, Any]) -> None:
        """Remove what the merge made (a plan for the newcomers' measures), unless somebody worked on it since."""
        if row["revision"] == self._number and not self._course.work.rows("measure", plan_id=change.record):
            self._course.work.remove(change.kind, change.record)

    def _may_return(self, change: lines.RecordChange, row: Mapping[str, Any]) -> bool:
        """Whether an exit case may go on where it was: not beside a newer one."""
        if change.kind != "exit":
            return True
        steps = procedure(self._course.site.profile, "exit")
        open_cases = self._course.work.rows("exit", household_id=row["household_id"])
        return all(steps.effect(other["state"]) for other in open_cases)

    def _old(self, change: lines.RecordChange, row: Mapping[str, Any]) -> dict[str, Any]:
        record = RECORDS[change.kind]
        values: dict[str, Any] = {"removed": row["removed"]}
        for name, (old, new) in change.fields.items():
            untouched = lines.plain(row[name]) == lines.plain(lines.column_value(record, name, new))
            if untouched and (change.kind, name) != ("member", "relation"):
                values[name] = lines.column_value(record, name, old)
        return values

    def _relations_before(self) -> dict[str, tuple[str, str]]:
        """Person → household and relation as the merge found them, of everybody who lived in either household."""
        people = [change for change in self._lines if change.kind == "member"]
        moved = {change.record: change.fields["relation"][0] for change in people if "relation" in change.fields}
        found = {member_id: (self._there, str(moved.get(member_id) or self._at(member_id, "relation")))
                 for member_id in self._merge.member_ids}  # fmt: skip
        for row in self._course.work.rows("member", household_id=self._here):
            if row["id"] not in found and self._lived_here(row):
                found[row["id"]] = (self._here, str(self._at(row["id"], "relation")))
        return found

    def _lived_here(self, row: Mapping[str, Any]) -> bool:
        """Whether a member of the survivor was there already when the merge was entered."""
        joined = select(revision.c.n).join_from(touch, revision, touch.c.revision == revision.c.n)
        first = self._course.work.connection.execute(joined.where(touch.c.record == row["id"]).order_by(revision.c.n))
        return int(first.scalars().first() or 0) <= self._number and self._at(row["id"], "household_id") == self._here

    def _at(self, record_id: str, field: str) -> Any:
        """A member's field as it was just after the merge: what the first later revision found, or what it is now."""
        joined = select(revision.c.line).join_from(touch, revision, touch.c.revision == revision.c.n)
        later = joined.where(touch.c.record == record_id, revision.c.n > self._number).order_by(revision.c.n)
        for stored in self._course.work.connection.execute(later).scalars():
            for change in lines.decode(lines.unpack(stored)).changes:
                if change.record == record_id and field in change.fields:
                    return change.fields[field][0]
        return (self._course.work.row("member", record_id) or {})[field]

    def _settle(
        self, household_id: str, joint: HouseholdDraft, before: Mapping[str, tuple[str, str]], then: Afterwards
    ) -> None:
        """Head and relations of one side: as before where the head of before is there, else as named."""
        household = self._course.household(household_id)
        head_id = self._head_of(household, joint, before, then)
        kin = self._kin(household.living, joint, head_id, before)
        effects.write_relations(self._course, kin, then.relations)
        old = joint.head.id if joint.head and household_id == self._here else ""
        if old != head_id:
            self._course.heads.append((household_id, old, head_id))

    def _head_of(
        self,
        household: HouseholdDraft,
        joint: HouseholdDraft,
        before: Mapping[str, tuple[str, str]],
        then: Afterwards,
    ) -> str:
        ids = {member.id for member in household.living}
        was = next((i for i, place in before.items() if place == (household.id, kinship.HEAD)), "")
        now = joint.head.id if joint.head else ""
        chosen = next((each for each in (then.head_id, was, now) if each in ids), "")
        if not chosen:
            text = say("The head that household {no} had is gone. Choose who is its head now.", no=household.no)
            raise Refused([Problem(text, "head_id")])
        return chosen

    def _kin(
        self,
        members: Iterable[MemberDraft],
        joint: HouseholdDraft,
        head_id: str,
        before: Mapping[str, tuple[str, str]],
    ) -> list[Kin]:
        """Under the head of before everybody's relation of before; later comers by what they are to the joint head."""
        year = self._course.when.on.year
        derived = {kin.member_id: kin for kin in
                   kinship.succeed(joint.living, head_id, effects.offered(self._course.site, year))}  # fmt: skip
        was_head = before.get(head_id, ("", ""))[1] == kinship.HEAD
        found = []
        for member in members:
            kin = derived[member.id]
            if was_head and member.id in before:
                kin = Kin(member.id, member.name, member.relation, before[member.id][1])
            found.append(kin)
        return found

    def _changed_since(self, household_id: str, before: Mapping[str, tuple[str, str]]) -> bool:
        """Whether a restored household has other members or relations than when the merge was entered."""
        living = self._course.household(household_id).living
        was = {(i, relation) for i, (home, relation) in before.items() if home == household_id}
        return {(member.id, member.relation) for member in living} != was
