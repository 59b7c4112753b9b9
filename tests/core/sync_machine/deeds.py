"""What people do at their desks and in the township's office, whatever the road does with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import select

from tests.core.sync_machine import oracle
from tests.core.sync_machine.copies import START, VILLAGES, Laptop, Office
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Refused, VillageDeskError
from villagedesk.records.schema import RECORDS, natural_id
from villagedesk.services.doubles import Doubles
from villagedesk.services.event_course import Occasion
from villagedesk.services.events import Events
from villagedesk.services.history import History
from villagedesk.services.households import Households
from villagedesk.services.moving import Moved, Moves
from villagedesk.store import sealed

FIELDS = ("group", "address", "fuel", "state", "exited_year")
TYPED_APART = ("7", "8", "9")  # numbers of households
YEAR = ("found", "sign", "split", "sign_new", "merge", "undo")


class Deeds:
    """Work at any laptop. Numbers given to the verbs are taken modulo what there is."""

    laptops: list[Laptop]
    office: Office
    signed: dict[str, bytes]  # id of an attachment -> the scanned sheet

    def laptop(self, number: int) -> Laptop:
        return self.laptops[number % len(self.laptops)]

    def save(self, number: int, household: int, name: int, value: int) -> None:
        """Create household no. 1 to 3, or change one field of it."""
        laptop = self.laptop(number)
        fieldname = FIELDS[name % len(FIELDS)]
        values = {"no": str(household % 3 + 1), fieldname: value % 3 if fieldname == "exited_year" else str(value % 3)}
        with laptop.place.store.work("household.save", "visit") as work:
            work.put("household", laptop.village, values)

    def remove(self, number: int, household: int) -> None:
        laptop = self.laptop(number)
        found = natural_id(RECORDS["household"], laptop.village, {"no": str(household % 3 + 1)})
        with laptop.place.store.work("household.remove", "moved") as work:
            work.remove("household", found)

    def bulk(self, number: int, first: int) -> None:
        """A roster of several households with one member each, new ones only."""
        laptop, record = self.laptop(number), RECORDS["household"]
        nos = [str(first % 4 + place) for place in range(3)]
        ids = {no: natural_id(record, laptop.village, {"no": no}) for no in nos}
        with laptop.place.store.work("roster.import", "list") as work:
            known = work.known("household", list(ids.values()))
            new = [{"id": id_, "no": no} for no, id_ in ids.items() if id_ not in known]
            work.insert_many("household", laptop.village, new)
            people = [{"id": f"m{row['id'][1:]}", "household_id": row["id"], "name": "甲"} for row in new]
            work.insert_many("member", laptop.village, people)

    def edit_member(self, number: int, member: int, value: int) -> None:
        laptop, table = self.laptop(number), RECORDS["member"].table
        with laptop.place.store.work("household.save", "visit") as work:
            found = list(work.connection.execute(select(table.c.id).order_by(table.c.id)).scalars())
            if found:
                values = {"id_number": "0" * 17 + str(value % 3), "name": "乙丙丁"[value % 3]}
                work.put("member", laptop.village, values, found[member % len(found)])

    def undo(self, number: int) -> None:
        laptop = self.laptop(number)
        history = History(laptop.site)
        acts = [act for act in history.recent(5) if act.verb not in {"undo", "village.found"}]
        if acts and allowing(Refused, lambda: history.undo(acts[0].act)):
            with laptop.place.store.read() as connection:
                oracle.check_undone(connection, acts[0].act)

    def decide(self, number: int, which: int) -> None:
        laptop = self.laptop(number)
        waiting = laptop.sync.conflicts()
        if waiting:
            one = waiting[which % len(waiting)]
            chosen = one.candidates[which % len(one.candidates)]
            laptop.sync.decide(one.kind, one.record_id, one.field, chosen.hash, "asked")
            newest = laptop.sync.decisions()[0]
            lost = {each.hash for each in one.candidates if each.value != chosen.value}
            assert (newest.chosen, {each.hash for each in newest.lost}) == (chosen.value, lost), "a value is lost"

    def act(self, village: int, household: int, value: int) -> None:
        code, record = VILLAGES[village % 2], RECORDS["household"]
        found = natural_id(record, code, {"no": str(household % 3 + 1)})
        values = {"address": f"乡{value % 3}", "state": str(value % 3)}
        allowing(Refused, lambda: self.office.acts.act(code, "exit.reply", "agreed", "household", found, values))

    def hub_decide(self, village: int, which: int) -> None:
        code = VILLAGES[village % 2]
        waiting = self.office.township.conflicts(code)
        if waiting:
            one = waiting[which % len(waiting)]
            chosen = one.candidates[which % len(one.candidates)]
            self.office.acts.decide(code, one, chosen.hash, "called")

    def found_family(self, number: int, household: int) -> None:
        """Give household no. 1 to 3 a head, a wife and a son, so that it can split and merge."""
        laptop = self.laptop(number)
        no = str(household % 3 + 1)
        home = natural_id(RECORDS["household"], laptop.village, {"no": no})
        with laptop.place.store.work("household.save", "visit") as work:
            work.put("household", laptop.village, {"no": no, "state": "2"})
            for relation, name in (("01", "甲"), ("02", "乙"), ("03", "丙")):
                person = f"{relation}{home[2:]}"
                work.put("member", laptop.village, {"household_id": home, "relation": relation, "name": name}, person)

    def sign(self, number: int, household: int) -> None:
        """A sheet of household no. 1 to 6 is signed with ink and scanned; nothing may ever change it."""
        laptop = self.laptop(number)
        home = natural_id(RECORDS["household"], laptop.village, {"no": str(household % 6 + 1)})
        scanned = f"scan{len(self.signed)}"
        sheet = f"{scanned} of {home}".encode()
        digest = sealed.seal(laptop.folder / "attachments", sheet, laptop.place.key)
        with laptop.place.store.work("exit.sign", "scan") as work:
            work.put("attachment", laptop.village, {"subject_id": home, "kind": "scan", "digest": digest}, scanned)
            work.put("signature", laptop.village, {"case_id": home, "role": "head", "scan": digest})
        self.signed[scanned] = sheet

    def split(self, number: int, household: int) -> None:
        """The son founds household no. 4 to 6."""
        laptop = self.laptop(number)
        home = natural_id(RECORDS["household"], laptop.village, {"no": str(household % 3 + 1)})
        son, founded = f"03{home[2:]}", HouseholdDraft(no=str(household % 3 + 4))
        events = Events(laptop.site)
        allowing(Refused, lambda: events.split(home, [son], founded, son, Occasion(laptop.site.today())))

    def merge(self, number: int, household: int) -> None:
        """Household no. 4 to 6 goes back to the one it came from, or comes under any other."""
        laptop, record = self.laptop(number), RECORDS["household"]
        goes = natural_id(record, laptop.village, {"no": str(household % 3 + 4)})
        into = natural_id(record, laptop.village, {"no": str(household // 3 % 3 + 1)})
        head = f"03{natural_id(record, laptop.village, {'no': str(household % 3 + 1)})[2:]}"
        events, when = Events(laptop.site), Occasion(laptop.site.today())
        allowing(Refused, lambda: events.merge(goes, into, {head: "03"}, when))

    def a_year(self, number: int, household: int, deeds: set[str]) -> None:
        """Some of what befalls one family, one after the other: alone such a course comes by luck only."""
        course = {
            "found": lambda: self.found_family(number, household % 3),
            "sign": lambda: self.sign(number, household % 3),
            "split": lambda: self.split(number, household % 3),
            "sign_new": lambda: self.sign(number, household % 3 + 3),
            "merge": lambda: self.merge(number, household % 3 * 4),
            "undo": lambda: self.undo(number),
        }
        for deed in YEAR:
            if deed in deeds:
                course[deed]()

    def move(self, village: int, household: int) -> None:
        """The township moves a household to the other village, under a number of its own."""
        code, other = VILLAGES[village % 2], VILLAGES[(village + 1) % 2]
        home = natural_id(RECORDS["household"], code, {"no": str(household % 3 + 1)})
        moves, today, no = Moves(self.office.place), START.date(), f"9{village % 2}{household % 3}"
        living = self._living(home)
        moved: Moved | None = allowing(Refused, lambda: moves.move(home, code, other, no, Occasion(today)))
        if moved is not None:
            assert (self._living(home), self._living(moved.household_id)) == ([], living), "moved on one side only"

    def _living(self, household: str) -> list[str]:
        """The names of those who live in a household of the township's files that is open."""
        home, member = RECORDS["household"].table, RECORDS["member"].table
        stands = (home.c.removed.is_(False), member.c.removed.is_(False), member.c.left_on.is_(None))
        query = select(member.c.name).join_from(member, home, home.c.id == member.c.household_id)
        with self.office.place.store.read() as connection:
            return sorted(connection.execute(query.where(home.c.id == household, *stands)).scalars())

    def type_apart(self, number: int, household: int) -> None:
        """A household is typed from its paper, without ID numbers, by all who do not have it yet."""
        no, village = TYPED_APART[household % 3], self.laptop(number).village
        people = (MemberDraft(name="丁", relation="01"), MemberDraft(name="戊", relation="02"))
        draft = HouseholdDraft(no=no, group="一组", state="2", kind="1", members=people)
        for laptop in self.laptops:
            if laptop.village == village:
                allowing(Refused, partial(Households(laptop.site).save, draft, "typed"))

    def tell_one(self, number: int, which: int) -> None:
        """Somebody judges that two entries of one name are one person, and in which of them he stays."""
        site = self.laptop(number).site
        doubles, waiting = Doubles(site), Doubles(site).all()
        if waiting:
            case = waiting[which % len(waiting)]
            stays = case.entries[which // 2 % len(case.entries)].member_id
            if allowing(Refused, lambda: doubles.same(case, stays, site.today(), "asked")):
                assert case.key not in {each.key for each in doubles.all()}, "put together, and asked again"

    def tell_two(self, number: int, which: int) -> None:
        """Somebody at a desk, or the township, judges that they are two people; nobody here asks it again."""
        site, acts = self.laptop(number).site, self.office.acts
        if which % 3:
            doubles, waiting = Doubles(site), Doubles(site).all()
            if waiting:
                doubles.different(case := waiting[which % len(waiting)], "asked")
                assert case.key not in {each.key for each in doubles.all()}, "told apart, and asked again"
        elif waiting := acts.duplicates():
            acts.judge_different(case := waiting[which % len(waiting)], "called")
            assert case.key not in {each.key for each in acts.duplicates()}, "told apart, and asked again"


def allowing(error: type[VillageDeskError], work: Callable[[], Any]) -> Any:
    """What some work gives, None when it is refused so."""
    try:
        return work()
    except error:
        return None
