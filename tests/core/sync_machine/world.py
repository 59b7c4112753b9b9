"""Laptops, a township and the road between them, all on real encrypted stores; whatever happens to sticks happens."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from tests.core.sync_machine import oracle
from tests.core.sync_machine.copies import AREA, VILLAGES, Laptop, Office
from tests.core.sync_machine.deeds import TYPED_APART, Deeds, allowing
from villagedesk.errors import Refused, Unreadable, VillageDeskError
from villagedesk.records.schema import RECORDS, natural_id
from villagedesk.services.audit import audit
from villagedesk.services.moving import Moves
from villagedesk.services.upward import Upward
from villagedesk.store import sealed

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
MOST_CLOSED = 10  # households that one file may close before somebody is asked


class World(Deeds):
    """Everything, and every accident. Numbers given to the verbs are taken modulo what there is."""

    def __init__(self, prepared: Path, folder: Path, laptops: int) -> None:
        self.folder = folder
        self.prepared = prepared
        self.stick = folder / "stick"
        self.stick.mkdir(parents=True)
        self.office = Office(self._copy(prepared / "hub", "hub"))
        self.office.open()
        self.laptops: list[Laptop] = []
        for number in range(laptops):
            village = VILLAGES[number // 2 % 2]
            self._start(self._copy(prepared / f"{village}{'ab'[number % 2]}", f"laptop{number}"), village)
        self.sends: list[Path] = []
        self.replies: list[Path] = []
        self.peers: list[Path] = []
        self.upward: list[Path] = []
        self.county: Office | None = None
        self.signed: dict[str, bytes] = {}  # id of an attachment -> the scanned sheet
        self._files = 0

    def close(self) -> None:
        for one in (*self.laptops, self.office, *([self.county] if self.county else [])):
            one.place.close()
        shutil.rmtree(self.folder)

    def _copy(self, source: Path, name: str) -> Path:
        return Path(shutil.copytree(source, self.folder / name))

    def _start(self, folder: Path, village: str) -> None:
        laptop = Laptop(folder, village)
        laptop.open()
        self.laptops.append(laptop)

    # roads

    def _kept(self, written: Path) -> Path:
        """Every file is kept under a name of its own, so that it can arrive late and twice."""
        self._files += 1
        return written.rename(self.folder / f"{self._files:04d}-{written.name}")

    def send(self, number: int) -> None:
        self.sends.append(self._kept(self.laptop(number).sync.send(self.stick).path))

    def deliver(self, which: int) -> None:
        if self.sends:
            self.take(self.sends[-1 - which % len(self.sends)])

    def take(self, file: Path) -> None:
        """What a file did is what the township says that it did, and what it brings a second time counts once."""
        before = self._tally()
        first, *more = self.office.township.receive([file])
        after = self._tally()
        assert all(result.status != "rejected" for result in (first, *more)), (first, more)
        assert after.lines - before.lines == sum(result.revisions for result in (first, *more))
        assert first.status == "accepted" or not first.revisions
        for village in VILLAGES if not more else ():
            closed, had = before.households[village] - after.households[village], before.households[village]
            assert closed <= MOST_CLOSED or closed * 5 <= had, "a village was emptied and nobody was asked"
        self.check_hub()

    def _tally(self) -> oracle.Tally:
        with self.office.place.store.read() as connection:
            return oracle.tally(connection, VILLAGES)

    def reply(self) -> None:
        self.replies += [self._kept(written.path) for written in self.office.township.reply(self.stick)]

    def deliver_reply(self, number: int, which: int) -> None:
        if self.replies:
            self.receive(self.laptop(number), self.replies[-1 - which % len(self.replies)])

    def receive(self, laptop: Laptop, file: Path) -> None:
        """A file may be for somebody else or build on what is not here; then nothing changes."""
        before = self._all(laptop)
        try:
            laptop.sync.receive(file)
            self.check(laptop)
        except (Refused, Unreadable):
            assert self._all(laptop) == before

    def peer(self, number: int) -> None:
        laptop = self.laptop(number)
        done = allowing(Refused, lambda: laptop.sync.send(self.stick, to_devices=True))
        if done is not None:
            self.peers.append(self._kept(done.path))

    def deliver_peer(self, number: int, which: int) -> None:
        if self.peers:
            self.receive(self.laptop(number), self.peers[-1 - which % len(self.peers)])

    # the county

    def open_county(self) -> None:
        """A county that the township joins."""
        self.county = Office(self._copy(self.prepared / "county", "county"))
        self.county.open()
        Upward(self.office.place).join(self.prepared / "county.vdinvite")

    def to_county(self) -> None:
        self.upward.append(self._kept(Upward(self.office.place).send(self.stick).path))

    def deliver_to_county(self, which: int) -> None:
        if self.upward:
            (result, *_) = self._county.township.receive([self.upward[-1 - which % len(self.upward)]])
            assert result.status != "rejected", result

    def from_county(self) -> None:
        """The county's reply may be lost on the way, or build on what a township put back has forgotten."""
        for written in self._county.township.reply(self.stick):
            allowing(VillageDeskError, partial(Upward(self.office.place).receive, written.path))

    def county_act(self, village: int, household: int, value: int) -> None:
        code = VILLAGES[village % 2]
        found = natural_id(RECORDS["household"], code, {"no": str(household % 3 + 1)})
        acts = self._county.acts
        allowing(Refused, lambda: acts.act(code, "exit.reply", "agreed", "household", found, {"note": str(value)}))

    @property
    def _county(self) -> Office:
        assert self.county is not None
        return self.county

    # accidents

    def clone(self, number: int) -> None:
        original = self.laptop(number)
        if len(self.laptops) < 5:
            original.place.close()
            copied = self._copy(original.folder, f"laptop{len(self.laptops)}")
            original.open()
            self._start(copied, original.village)

    def back_up(self, number: int) -> None:
        self._back_up(self.laptop(number))

    def back_up_hub(self) -> None:
        self._back_up(self.office)

    def restore(self, number: int, *, in_place: bool) -> None:
        self._restore(self.laptop(number), in_place=in_place)

    def restore_hub(self, *, in_place: bool) -> None:
        self._restore(self.office, in_place=in_place)

    def back_up_county(self) -> None:
        self._back_up(self._county)

    def restore_county(self, *, in_place: bool) -> None:
        self._restore(self._county, in_place=in_place)

    def _back_up(self, one: Laptop | Office) -> None:
        one.place.close()
        if one.backup is not None:
            shutil.rmtree(one.backup)
        one.backup = self._copy(one.folder, f"backup-{one.folder.name}")
        one.open()

    def _restore(self, one: Laptop | Office, *, in_place: bool) -> None:
        """``in_place`` overwrites the database file itself, which the program cannot see when it opens."""
        if one.backup is None:
            return
        one.place.close()
        if in_place:
            shutil.copyfile(one.backup / "desk.db", one.folder / "desk.db")
        else:
            shutil.rmtree(one.folder)
            shutil.copytree(one.backup, one.folder)
        one.open()

    def reopen(self, number: int) -> None:
        self.laptop(number).place.close()
        self.laptop(number).open()

    def jump(self, number: int, hours: int) -> None:
        everybody = [*self.laptops, self.office]
        one = everybody[number % len(everybody)]
        jumped = one.now.timestamp() + 3600 * hours
        one.now = datetime.fromtimestamp(min(max(jumped, -86_400), 4e9), UTC)

    def family_moves(self, number: int, household: int) -> None:
        """A family goes to the other village, when the township has heard of both."""
        self._tell_of_family(number, household)
        self.move(VILLAGES.index(self.laptop(number).village), household)

    def half_a_move(self, number: int, household: int, told: int, *, in_place: bool) -> None:
        """The township is put back to the moment before a move of which none (0), one (1, 2) or both (3) have heard."""
        self._tell_of_family(number, household)
        self.back_up_hub()
        self.move(VILLAGES.index(self.laptop(number).village), household)
        self.reply()
        for laptop in self.laptops:
            if told >> VILLAGES.index(laptop.village) & 1:
                for reply in self.replies[-len(VILLAGES) :]:
                    self.receive(laptop, reply)
        self.restore_hub(in_place=in_place)

    def _tell_of_family(self, number: int, household: int) -> None:
        self.found_family(number, household)
        for sender in range(len(self.laptops)):
            self.send(sender)
            self.deliver(0)

    def empty_out(self, number: int) -> None:
        """Twelve households reach the township, and then a file that closes all of them."""
        laptop, record = self.laptop(number), RECORDS["household"]
        nos = [str(no) for no in range(20, 22 + MOST_CLOSED)]
        with laptop.place.store.work("roster.import", "list") as work:
            for no in nos:
                work.put("household", laptop.village, {"no": no})
        self.send(number)
        self.deliver(0)
        with laptop.place.store.work("undo", "oops") as work:
            for no in nos:
                work.remove("household", natural_id(record, laptop.village, {"no": no}))
        self.send(number)
        self.deliver(0)

    # what must hold

    def check(self, laptop: Laptop) -> None:
        """The store is what its lines add up to; what counts as unsent is what no receipt has named."""
        with laptop.place.store.read() as connection:
            oracle.check(connection)
            known = oracle.all_lines(connection)
        said = laptop.place.store.setting("acked")["tips"]
        covered = oracle.chain_below(known, [tip["hash"] for tip in said])
        assert laptop.sync.status().unsent == len(set(known) - covered)

    def check_hub(self) -> None:
        """As above; and the totals that the township shows to differ are those that do."""
        with self.office.place.store.read() as connection:
            oracle.check(connection)
            counted = {village: oracle.totals(connection, village) for village in VILLAGES}
        for row in self.office.township.villages():
            here, said = counted[row.village], row.sent_totals
            assert row.totals == here
            assert dict(row.difference) == {name: here[name] - n for name, n in said.items() if here[name] != n}
        self.check_moves()

    def check_moves(self) -> int:
        """The township says of each household that moved and is in no village, or in both, that it is; how many."""
        with self.office.place.store.read() as connection:
            astray = oracle.astray(connection)
        said = {one.old.household_id: {"nowhere": 0, "twice": 2}[one.why] for one in Moves(self.office.place).half()}
        assert said == astray, "a household is in no village, or in two, and nobody is told"
        return len(said)

    def settle(self) -> None:
        """Everybody opens anew and exchanges until nothing moves; then all agree and nothing that was there is gone."""
        if self.county is not None:
            self._settle_with_county()
        everywhere = self._everywhere()
        for one in (*self.laptops, self.office):
            one.place.close()
            one.open()
        assert len({one.place.store.device for one in self.laptops}) == len(self.laptops), "two laptops of one name"
        self._come_to_agree()
        assert everywhere <= self._everywhere(), "an edit is gone"  # one that only a held file had comes to it
        if self._complete_moves():
            self._come_to_agree()

    def _come_to_agree(self) -> None:
        for _ in range(5):
            if not self._exchange() and not any(one.sync.status().unsent for one in self.laptops):
                break
        for one in (*self.laptops, self.office) if THOROUGH else (self.office,):
            assert audit(one.place).faults == ()
        self.check_hub()
        with self.office.place.store.read() as connection:
            oracle.check_nobody_lost(connection, TYPED_APART)
        for laptop in self.laptops:
            self.check(laptop)
            self._agrees(laptop)
        for one in (*self.laptops, self.office, *([self.county] if self.county else [])):
            self._papers_are_whole(one)

    def _complete_moves(self) -> int:
        """The township writes the missing halves again, where its rules let it; of the others it goes on saying so."""
        moves = Moves(self.office.place)
        before = moves.half()
        done = [half.old.household_id for half in before if allowing(Refused, partial(moves.complete, half))]
        after = {half.old.household_id for half in moves.half()}
        assert after == {half.old.household_id for half in before} - set(done), "completed, and not whole"
        return len(done)

    def meet(self) -> None:
        """Everybody goes to the township and back, twice, so that all know all; nothing is checked."""
        for _ in range(2):
            for laptop in self.laptops:
                self.office.township.receive([laptop.sync.send(self.stick).path])
            for reply in self.office.township.reply(self.stick):
                for laptop in self.laptops:
                    if laptop.village == reply.header.village:
                        laptop.sync.receive(reply.path)

    def _settle_with_county(self) -> None:
        """All that anybody holds goes up, what the county wrote comes down; then both hubs hold the same."""
        self.office.place.close()
        self.office.open()
        for _ in range(3):
            self._exchange()
            self._bring_to_county()
            self.from_county()
        self._exchange()
        self._bring_to_county()
        with self._county.place.store.read() as connection:
            oracle.check(connection)
            theirs = oracle.state(connection)
        with self.office.place.store.read() as connection:
            assert theirs == oracle.state(connection)

    def _bring_to_county(self) -> None:
        self.to_county()
        self.deliver_to_county(0)
        self._let_in(self._county, AREA)

    def _exchange(self) -> int:
        """Everybody goes to the township, and takes in its reply; returns how many revisions moved. Checked later."""
        moved = 0
        for laptop in self.laptops:
            written = laptop.sync.send(self.stick)
            moved += written.lines
            results = self.office.township.receive([self._kept(written.path)])
            assert all(result.status != "rejected" for result in results), results
            self._let_in(self.office, laptop.village)
        for reply in self.office.township.reply(self.stick):
            moved += reply.lines
            for laptop in self.laptops:
                if laptop.village == reply.header.village:
                    allowing(VillageDeskError, partial(laptop.sync.receive, reply.path, closing_meant=True))
        return moved

    def _let_in(self, office: Office, village: str) -> None:
        """Somebody has asked the village: it means to close as many households as it did."""
        for file in office.township.files(village):
            if file.asks:
                allowing(Refused, partial(office.township.release, village, file.verdict.name))  # one answers for two

    def _agrees(self, laptop: Laptop) -> None:
        status, township = laptop.sync.status(), self.office.township
        row = next(row for row in township.villages() if row.village == laptop.village)
        assert (status.unsent, row.held, dict(row.difference)) == (0, 0, {})
        assert status.hub_totals == status.totals == row.totals
        assert status.enrolled
        with self.office.place.store.read() as connection:
            theirs = oracle.state(connection)
        with laptop.place.store.read() as connection:
            ours = oracle.state(connection)
        here = {key: row for key, row in theirs["rows"].items() if row["village"] == laptop.village}
        assert ours["rows"] == here
        ids = {row["id"] for row in here.values()}
        assert ours["conflicts"] == {key: found for key, found in theirs["conflicts"].items() if key[0] in ids}

    def _papers_are_whole(self, one: Laptop | Office) -> None:
        """Every signed sheet that stands in the files lies here, as it was scanned; only a person took one away."""
        with one.place.store.read() as connection:
            oracle.check_signed(connection)
            table = RECORDS["attachment"].table
            found = connection.execute(select(table.c.id, table.c.digest).where(table.c.removed.is_(False))).all()
        for scanned, digest in found:
            assert sealed.unseal(one.folder / "attachments", digest, one.place.key) == self.signed[scanned]

    def _all(self, one: Laptop | Office) -> dict[str, dict[str, object]]:
        with one.place.store.read() as connection:
            return oracle.all_lines(connection)

    def _everywhere(self) -> set[str]:
        return set().union(*(self._all(one) for one in (*self.laptops, self.office)))
