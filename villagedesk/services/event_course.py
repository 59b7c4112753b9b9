"""One household event under way: who is concerned, what the rules refuse, and the record it leaves (DOMAIN §5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from villagedesk.drafts.event import EventDraft
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.event_words import kind_word
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.services.year_lists import SNAPSHOT, last_frozen
from villagedesk.store.work import Work
from villagedesk.text import say

IN, OUT, OVER, NONE = "in", "out", "over", ""

FLOWS: Mapping[str, str] = MappingProxyType({
    "birth": IN, "marriage_in": IN, "moved_in": IN,
    "death": OUT, "marriage_out": OUT, "moved_out": OUT, "left_village": OUT, "removed": OUT,
    "moved_within": OVER, "split": OVER, "merge": OVER, "unmerge": OVER,
    "head": NONE, "suspended": NONE, "resumed": NONE, "fell_back": NONE, "snapshot": NONE,
})  # fmt: skip
"""Whether an event's persons come into ``household_id``, leave it, go over to ``other_id``, or stay where they are."""

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "birth": ("member_in", "01"), "marriage_in": ("member_in", "02"), "moved_in": ("member_in", "99"),
    "death": ("member_out", "01"), "marriage_out": ("member_out", "02"), "moved_out": ("member_out", "99"),
    "moved_within": ("member_out", "99"), "split": ("member_out", "99"), "left_village": ("household_out", "02"),
    "merge": ("household_out", "04"), "removed": ("household_out", ""),
})  # fmt: skip
"""Code list of an event's reason and the code taken when none is given; "" has to be given."""


@dataclass(frozen=True)
class Occasion:
    """The day of an event, why it is entered, and the paper that shows it.

    ``reason_code`` is of member_in, member_out or household_out; "" takes the event's own.
    """

    on: date
    reason_code: str = ""
    document: str = ""
    note: str = ""


@dataclass(frozen=True)
class Afterwards:
    """How a household goes on: who follows as head, relations only a person can tell, or why its file closes.

    ``closing`` is of household_out, given when nobody is left; ``relations`` maps member ids to relation codes.
    """

    head_id: str = ""
    relations: Mapping[str, str] = field(default_factory=dict)
    closing: str = ""


NOTHING_MORE = Afterwards()


@dataclass
class Course:
    """An event while it is written. Fields not named in the constructor gather as it goes on."""

    site: Site
    work: Work
    kind: str
    when: Occasion
    member_ids: list[str] = field(default_factory=list)
    heads: list[tuple[str, str, str]] = field(default_factory=list)
    opened: str = ""
    closed: str = ""
    state_before: str = ""
    other_village: str = ""
    other_no: str = ""
    takes_back: str = ""
    by_procedure: bool = False  # a procedure of the profile came to its end and writes this

    def __post_init__(self) -> None:
        self.reason_code = self._reason_code()
        if self.when.on > self.site.today():
            raise Refused([Problem(say("This day lies ahead. Enter the event once it has happened."), "on")])

    def household(self, household_id: str) -> HouseholdDraft:
        """A household with its members. Raises Refused when its file is closed."""
        return one(self.work.connection, household_id)

    def put(self, kind: str, record_id: str, **values: object) -> None:
        """Write fields of a record of the village."""
        self.work.put(kind, self.site.village, values, record_id)

    def of(self, household: HouseholdDraft, member_ids: Iterable[str]) -> tuple[MemberDraft, ...]:
        """The living members with these ids. Raises Refused for anybody else, or a day their life does not allow."""
        living = {member.id: member for member in household.living}
        ids = tuple(dict.fromkeys(member_ids))
        if not ids:
            raise Refused([Problem(say("Choose the persons concerned."), "member_ids")])
        if any(member_id not in living for member_id in ids):
            text = say("This person is not a living member of household {no}. Choose one of its own.", no=household.no)
            raise Refused([Problem(text, "member_ids")])
        found = tuple(living[member_id] for member_id in ids)
        self._demand_in_order(found)
        return found

    def write(self, household_id: str, other_id: str = "", *, own_id: str = "") -> str:
        """Write the event's record; its id, ``own_id`` where it has one whoever writes it.

        Raises Refused when the same was entered already under another id.
        """
        self._demand_new(household_id, other_id, own_id)
        self._demand_files_in_order({household_id, other_id} - {""})
        draft = EventDraft(
            kind=self.kind,
            happened_on=self.when.on,
            year=self.year,
            household_id=household_id,
            other_id=other_id,
            other_village=self.other_village,
            other_no=self.other_no,
            member_ids=tuple(self.member_ids),
            heads=tuple(self.heads),
            opened=self.opened,
            closed=self.closed,
            reason_code=self.reason_code,
            state_before=self.state_before,
            takes_back=self.takes_back,
            document=self.when.document,
            note=self.when.note,
        )
        return self.work.put_draft("event", self.site.village, draft, new_id=own_id or self.site.store.ids())

    @property
    def year(self) -> int:
        """The year whose report counts the event: that of its day, unless the year-end list is frozen already."""
        return max(self.when.on.year, last_frozen(self.work.connection, self.site.village) + 1)

    def _reason_code(self) -> str:
        if self.kind not in REASONS:
            return ""
        name, usual = REASONS[self.kind]
        code = self.when.reason_code or usual
        demand_code(self.site, name, code, "reason_code")
        return code

    def _demand_in_order(self, members: Sequence[MemberDraft]) -> None:
        """No event before a person's birth or before the last event of the same person."""
        table = RECORDS["event"].table
        after = (table.c.village == self.site.village, table.c.happened_on > self.when.on, table.c.kind != SNAPSHOT)
        later = {i for event in load_where(self.work.connection, "event", *after).values() for i in event.member_ids}
        problems = []
        for member in members:
            if member.birth and self.when.on < member.birth:
                text = say("{name} was not born yet on this day. Correct the day.", name=member.name)
                problems.append(Problem(text, "on"))
            elif member.id in later or (member.joined_on and self.when.on < member.joined_on):
                text = say("For {name} something later is entered already. Correct the day, or undo that first.",
                           name=member.name)  # fmt: skip
                problems.append(Problem(text, "on"))
        if problems:
            raise Refused(problems)

    def _demand_files_in_order(self, households: set[str]) -> None:
        """No event before a file of it began or after it ended, none that gives a head before a later one did."""
        table = RECORDS["event"].table
        after = (table.c.village == self.site.village, table.c.happened_on > self.when.on, table.c.kind != SNAPSHOT)
        changed = {household_id for household_id, _, _ in self.heads}
        for event in load_where(self.work.connection, "event", *after).values():
            later = {household_id for household_id, _, _ in event.heads} & changed
            if later or households & {event.opened, event.closed}:
                text = say("Something later is entered already: “{event}” of {day}. Correct the day or undo that.",
                           event=kind_word(event.kind), day=event.happened_on)  # fmt: skip
                raise Refused([Problem(text, "on")])

    def _demand_new(self, household_id: str, other_id: str, own_id: str) -> None:
        """Raise Refused when the household's last event is this one already: entered twice."""
        on_this_day = (*self.work.rows("event", household_id=household_id, happened_on=self.when.on),
                       *self.work.rows("event", other_id=household_id, happened_on=self.when.on))  # fmt: skip
        others = (row for row in on_this_day if row["id"] != own_id)
        last = max(others, key=lambda row: row["n"], default=None)
        now = (self.kind, other_id, tuple(self.member_ids))
        if last is not None and (last["kind"], last["other_id"], last["member_ids"]) == now:
            raise Refused([Problem(say("This event is entered already for this day."), "on")])


def demand_code(site: Site, name: str, code: str, at: str) -> None:
    """Raise Refused, naming the words to choose from, unless the code list has this code."""
    if site.codes.lists[name].entry(code) is None:
        words = "、".join(word for _, word in site.codes.choices(name))
        raise Refused([Problem(say("Choose the reason: {words}.", words=words), at)])
