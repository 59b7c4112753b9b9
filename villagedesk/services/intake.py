"""Taking in the villages' files at a township: who may send, what is held or refused, and what each laptop has.

One bad file never blocks the others (DESIGN §5.5): each is its own transaction and its own verdict.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from villagedesk.errors import Refused, Unavailable, Unreadable, VillageDeskError
from villagedesk.policy.taken import profile_of
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services import ahead
from villagedesk.services.ahead import Incoming
from villagedesk.services.emptying import Emptying, demand_not_emptied
from villagedesk.services.laptops import devices, has_been_taken_out, taken_out
from villagedesk.services.releases import naming_release
from villagedesk.services.site import Site
from villagedesk.services.standing import as_chain_tip, begin_epoch, generation, read_acknowledgement
from villagedesk.store import chain, lines, sealed
from villagedesk.store import place as places
from villagedesk.store.apply import Applied, Gap, apply_batches
from villagedesk.store.place import Place, server_of
from villagedesk.store.settings import gathered, read_setting, write_setting
from villagedesk.store.store import Store
from villagedesk.store.totals import household_count
from villagedesk.sync.bundle import Bundle, peek_header
from villagedesk.sync.invite import Enrolment
from villagedesk.sync.keys import HubKey
from villagedesk.sync.receipt import Status
from villagedesk.text import Text, say
from villagedesk.values import within

_VERDICTS_KEPT = 200
_HELD, _ASKED = "held", "asked"


@dataclass(frozen=True)
class FileResult:
    """What became of one file given to :meth:`Township.receive`."""

    file: str
    village: str
    status: Status
    reason: Text | None
    revisions: int


class Intake:
    """Where files come in."""

    def __init__(self, place: Place, key: HubKey) -> None:
        self._place = place
        self._store = place.store
        self._key = key

    def take(self, incoming: Incoming) -> list[FileResult]:
        """Take in one file, and then those held back earlier that need to wait no more."""
        return self._with_waiting(self._receive(incoming))

    def release(self, file: Path) -> list[FileResult]:
        """Take in a file that was asked about: its village means to close as many households as it does."""
        with closing(ahead.read(file, self._key)) as incoming:
            result = self._receive(incoming, closing_meant=True)
        if result.status != "held":
            file.unlink(missing_ok=True)
        return self._with_waiting(result)

    def _with_waiting(self, result: FileResult) -> list[FileResult]:
        """The result, and those of files that wait no more.

        What a file waits for, another receiver on the same server may have taken in before it lay with the waiting
        ones; so whoever lays one there looks once more.
        """
        if result.status == "held" and server_of(self._place.folder):
            since = self.retry(result.village)
            return since if result.file in {one.file for one in since} else [result, *since]
        return [result, *(self.retry(result.village) if result.status in {"accepted", "repeated"} else ())]

    def _receive(self, incoming: Incoming, *, closing_meant: bool = False) -> FileResult:
        """``closing_meant``: its village was asked, and means to close as many households as it does."""
        file, header = incoming.file, incoming.header
        village, digest, program = (header.village, header.sha256, header.program) if header else ("", "", "")
        try:
            with naming_release(program):
                return self._take(incoming, village, closing_meant=closing_meant)
        except (Gap, Emptying) as waiting:
            self._hold(file, village, asked=isinstance(waiting, Emptying))
            result = FileResult(file.name, village, "held", waiting.text, 0)
        except Unavailable as failed:  # this machine's trouble is no verdict on the file
            return FileResult(file.name, village, "rejected", failed.text, 0)
        except VillageDeskError as error:
            result = FileResult(file.name, village, "rejected", error.text, 0)
        if village and digest:
            self._note(result, digest)
        return result

    def _take(self, incoming: Incoming, village: str, *, closing_meant: bool) -> FileResult:
        unproven = incoming.unproven
        try:
            with self._writing(village) as connection:
                bundle = unproven.prove(partial(_trusted, connection))
                self._meet(connection, bundle)
                before = household_count(connection, village)
                applied = apply_batches(connection, incoming.lines, lambda _, of: within(of, village))
                if before and not closing_meant:
                    demand_not_emptied(before, household_count(connection, village))
                for _, data in bundle.attachments():
                    sealed.seal(self._place.folder / "attachments", data, self._place.key)
                note_chains(connection, village, applied.devices)
                self._note_totals(connection, bundle)
                result = FileResult(incoming.file.name, village, _status(applied), None, applied.revisions)
                self._note_in(connection, result, bundle.header.sha256)
        except (Gap, Emptying):
            with self._writing(village) as connection:
                self._meet(connection, bundle)  # so that our reply can say what is missing, and the laptop can read it
            raise
        return result

    @contextmanager
    def _writing(self, village: str) -> Iterator[Connection]:
        with self._store.write() as connection, gathered(connection, *_asked_of(village)):
            yield connection

    def trust(self, sender: str) -> bytes | None:
        """The key on record for a laptop, None for a stranger. Raises Unreadable for one that was taken out."""
        with self._store.read() as connection, gathered(connection, "devices", "taken_out"):
            return _trusted(connection, sender)

    def _meet(self, connection: Connection, bundle: Bundle) -> None:
        """Learn who sends, what the laptop has, and from that whether this hub has forgotten something."""
        header = bundle.header
        if not bundle.known:
            self._enrol(connection, bundle.enrolment)
        elif devices(connection)[header.sender]["village"] != header.village:
            raise Unreadable(say("This laptop belongs to another village. Ask the village to join anew."))
        self._notice_loss(connection, bundle)
        said = village_setting(connection, header.village)
        earlier = said["have"].get(header.sender, {"sequence": -1})
        if header.sequence > earlier["sequence"]:
            tips = [asdict(tip) for tip in bundle.have]
            have = {**said["have"], header.sender: {"sequence": header.sequence, "tips": tips}}
            write_setting(connection, f"village:{header.village}", {**said, "have": have})

    def _enrol(self, connection: Connection, slip: Enrolment | None) -> None:
        """Let a laptop in whose slip carries a token this hub gave out for its village."""
        invites = dict(read_setting(connection, "invites", {}))
        invite = invites.get(slip.token) if slip else None
        if slip is None or invite is None or invite["village"] != slip.village or slip.hub != self._key.id:
            raise Unreadable(say("This laptop was not invited for this village. Give the village an invite first."))
        if invite.get("closed") or has_been_taken_out(connection, slip.card.sign_key.hex()):
            raise Unreadable(
                say("The invitation of this laptop counts no more. Give the village a new one, and let it join anew.")
            )
        known = dict(devices(connection))
        known[slip.card.device] = {**slip.card.to_fields(), "village": slip.village}
        invites[slip.token] = {**invite, "devices": [*invite["devices"], slip.card.device]}
        write_setting(connection, "devices", known)
        write_setting(connection, "invites", invites)

    def _notice_loss(self, connection: Connection, bundle: Bundle) -> None:
        """Begin a new epoch when the laptop knows of something this hub once said and knows no more.

        Then the hub was put back to an earlier state, and every village has to say again what it has.
        """
        hub = read_setting(connection, "hub")
        village, theirs = bundle.header.village, bundle.header.epoch
        epoch, sequence = read_acknowledgement(bundle.documents)
        foreign = theirs != hub["epoch"] and generation(theirs) >= generation(hub["epoch"])
        ahead = epoch == hub["epoch"] and sequence > read_setting(connection, f"replies:{village}", 0)
        own = own_chain(self._store.device, village)
        written = [as_chain_tip(tip) for tip in bundle.have if tip.device == own]
        ahead = ahead or not all(chain.holds(connection, tip) for tip in written)
        if ahead:
            places.renew(connection)  # numbers of our own chain were given out that we do not know of
        if foreign or ahead:
            begin_epoch(connection, self._store.ids, theirs)

    def _note_totals(self, connection: Connection, bundle: Bundle) -> None:
        """Keep what the laptop counts, unless a later file of the same laptop has said it already."""
        said = village_setting(connection, bundle.header.village)
        if said["have"][bundle.header.sender]["sequence"] == bundle.header.sequence:
            write_setting(connection, f"village:{bundle.header.village}", {**said, "totals": dict(bundle.totals)})

    def _note(self, result: FileResult, digest: str) -> None:
        with self._store.write() as connection:
            self._note_in(connection, result, digest)

    def _note_in(self, connection: Connection, result: FileResult, digest: str) -> None:
        """Keep the verdict on a file for the receipt: of one that comes again, the first.

        Only invited villages get one: anybody can write an outside.
        """
        earlier = read_setting(connection, f"verdicts:{result.village}", ())
        before = {known["status"] for known in earlier if known["sha256"] == digest}
        if result.status == "repeated" and "accepted" in before:
            return
        if all(said["village"] != result.village for said in read_setting(connection, "invites", {}).values()):
            return
        verdict = {"name": result.file, "sha256": digest, "status": result.status, "revisions": result.revisions}
        if result.reason is not None:
            plain = {name: str(value) for name, value in result.reason.fields.items()}
            verdict["reason"] = {"text": result.reason.source, "fields": plain}
        verdict["at"] = lines.iso(self._store.clock())
        kept = [known for known in earlier if known["sha256"] != digest or _outlives(known, result)]
        write_setting(connection, f"verdicts:{result.village}", [*kept, verdict][-_VERDICTS_KEPT:])

    def _hold(self, file: Path, village: str, *, asked: bool) -> None:
        """Keep a file where it waits now, and nowhere else."""
        folder = held_folder(self._place, village, asked=asked)
        folder.mkdir(parents=True, exist_ok=True)
        if file.resolve().parent != folder.resolve():
            shutil.copyfile(file, folder / file.name)
        (held_folder(self._place, village, asked=not asked) / file.name).unlink(missing_ok=True)

    def refuse(self, file: Path, village: str, reason: Text) -> None:
        """Note that a file is not taken in, so that the receipt says why."""
        self._note(FileResult(file.name, village, "rejected", reason, 0), peek_header(file).sha256)

    def retry(self, village: str) -> list[FileResult]:
        """Files that waited for the one just taken, for one another, or for somebody's word.

        Each that now fits is no longer kept; one whose households another file has closed asks nothing any more.
        """
        taken: list[FileResult] = []
        folders = [held_folder(self._place, village, asked=asked) for asked in (False, True)]
        waiting, before = sorted(file for folder in folders for file in folder.glob("*")), 0
        while waiting and len(waiting) != before:
            before = len(waiting)
            for file in list(waiting):
                with closing(ahead.read(file, self._key)) as incoming:
                    if incoming.header is None and not file.is_file():  # another receiver was faster
                        waiting.remove(file)
                        continue
                    result = self._receive(incoming)
                if result.status != "held" or not file.is_file():
                    file.unlink(missing_ok=True)
                    waiting.remove(file)
                    taken.append(result)
        return taken


def _trusted(connection: Connection, sender: str) -> bytes | None:
    card, out = devices(connection).get(sender), taken_out(connection).get(sender)
    if out:
        raise Unreadable(
            say("This laptop was taken out on {day} ({reason}). Do not use its files.", day=out["at"][:10],
                reason=out["reason"])
        )  # fmt: skip
    return bytes.fromhex(card["sign_key"]) if card else None


def _asked_of(village: str) -> tuple[str, ...]:
    """The settings that every file of a village asks for."""
    own = (f"{of}:{village}" for of in ("village", "replies", "verdicts"))
    return ("hub", "invites", "devices", "taken_out", *own)


def _status(applied: Applied) -> Status:
    return "accepted" if applied.revisions or not applied.repeated else "repeated"


def _outlives(known: Mapping[str, Any], result: FileResult) -> bool:
    """Whether an earlier verdict on a file stays: a damaged copy says nothing against the one taken in."""
    return known["status"] in {"accepted", "repeated"} and result.status == "rejected"


def held_folder(place: Place, village: str, *, asked: bool = False) -> Path:
    """Where the files of a village wait for an earlier one, or (``asked``) for somebody to say that they are meant."""
    return place.folder / (_ASKED if asked else _HELD) / village


def village_setting(connection: Connection, village: str) -> dict[str, Any]:
    """Of a village: the devices whose chains are its own, what each laptop has, what the last one counted."""
    said: Mapping[str, Any] = read_setting(connection, f"village:{village}", {})
    return {"chains": [], "have": {}, "totals": {}, **said}


def note_chains(connection: Connection, village: str, of: Sequence[str] | frozenset[str]) -> None:
    """Remember whose chains belong to a village."""
    said = village_setting(connection, village)
    if not set(of) <= set(said["chains"]):
        write_setting(connection, f"village:{village}", {**said, "chains": sorted({*said["chains"], *of})})


def note_own_chain(connection: Connection, hub: str, village: str) -> None:
    """Let what this hub writes for a village reach it: by its own reply, or by that of its township to a county."""
    for area in (village, f"{village[:9]}000"):
        note_chains(connection, area, [own_chain(hub, village)])


def own_chain(hub: str, village: str) -> str:
    """The device id under which a hub writes into one village's records, so that each village gets a whole chain."""
    return f"{hub}-{village}"


def village_store(store: Store, village: str) -> Store:
    """A hub's store as it writes into one village's records: on the chain it keeps for that village."""
    return replace(store, device=own_chain(store.device, village))


def village_site(place: Place, connection: Connection, village: str) -> Site:
    """A village as the township works in it, under the village's own policy. Raises Refused before its first file."""
    known = load_where(connection, "village", RECORDS["village"].table.c.code == village)
    if not known:
        raise Refused(say("This village has not sent anything yet. Receive its file first."))
    draft = next(iter(known.values()))
    profile = profile_of(draft)
    return Site(village_store(place.store, village), place.folder, place.key, village, profile, profile.codes)
