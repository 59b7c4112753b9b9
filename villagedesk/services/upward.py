"""A township's hub sends to its county's, by the same file as a village sends to the township.

To the county a township is one sender for all villages whose codes begin with its own; in headers and receipts it
stands as its nine digits and three zeros. The county's acts come back in its reply, on a chain a village, and reach
each village with the township's next reply.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from villagedesk.errors import Refused, Unreadable
from villagedesk.services.intake import note_chains, own_chain
from villagedesk.services.membership import invite_fields, invite_of
from villagedesk.services.releases import naming_release
from villagedesk.services.site import CHINA
from villagedesk.services.standing import (
    ACKNOWLEDGED,
    acked,
    acknowledgement,
    as_chain_tip,
    as_tip,
    attached,
    begin_epoch,
    begin_standing,
    count,
    keep_receipt,
)
from villagedesk.services.stick import Target, mark_stick, target_of
from villagedesk.store import chain, sealed
from villagedesk.store import place as places
from villagedesk.store.apply import Applied, Gap, apply_lines
from villagedesk.store.place import Place
from villagedesk.store.settings import read_setting, write_setting
from villagedesk.sync.bundle import Bundle, BundleHeader, Cargo, WrittenBundle, open_bundle, peek_header, write_bundle
from villagedesk.sync.invite import Invite, enrol, read_invite
from villagedesk.sync.keys import DeviceKey, HubKey, try_recipient
from villagedesk.sync.receipt import RECEIPT, Receipt, read_receipt
from villagedesk.text import say
from villagedesk.values import Step, no_step, within

_UP = "county"
_CODE = 12


@dataclass(frozen=True)
class CountyStatus:
    """Where a township stands with its county. ``unsent`` counts revisions that no receipt of the county has named."""

    name: str
    fingerprint: str
    sequence: int
    unsent: int


class Upward:
    """The exchange of a township with its county."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._store = place.store

    def join(self, invite_file: Path) -> Invite:
        """Join the county of an invitation. Raises Refused when it is for another township, Unreadable when spoilt."""
        invite = read_invite(invite_file, self._store.clock().astimezone(CHINA).date())
        if invite.village != self._area:
            raise Refused(say("This invitation is for {code}, not for this township.", code=invite.village))
        try_recipient(invite.recipient)
        with self._store.write() as connection:
            write_setting(connection, _UP, {**invite_fields(invite), "sequence": 0})
            begin_standing(connection, invite.epoch, same_hub=False)
        return invite

    def status(self) -> CountyStatus | None:
        """Where this township stands, None while it has joined no county."""
        with self._store.read() as connection:
            said = read_setting(connection, _UP, {})
            if not said:
                return None
            unsent = len(chain.numbers_after(connection, acked(connection)))
            return CountyStatus(said["name"], said["fingerprint"], said["sequence"], unsent)

    def send(self, folder: Path, *, everything: bool = False, step: Step = no_step) -> WrittenBundle:
        """Write what the county has not acknowledged (or everything) as one file."""
        said = self._demand_county()
        key = self._key
        sequence = said["sequence"] + 1
        with self._store.read() as connection:
            numbers = chain.numbers_after(connection, () if everything else acked(connection))
            header = BundleHeader("send", self._area, sequence, read_setting(connection, "acked")["epoch"])
            cargo = Cargo(
                created=self._store.clock(),
                lines=chain.blocks_of(connection, numbers),
                attachments=attached(connection, numbers, self._place.folder / "attachments", self._place.key),
                documents={ACKNOWLEDGED: acknowledgement(connection)},
                totals=count(connection, self._area),
                have=tuple(as_tip(tip) for tip in chain.tips(connection)),
                enrolment=enrol(invite_of(said, self._area), key, str(self._store.setting("hub")["name"])),
                count=len(numbers),
            )
            written = write_bundle(folder, header, cargo, key, [said["recipient"]], step=step)
        mark_stick(folder, self._store)
        self._store.keep_setting(_UP, {**said, "sequence": sequence})
        return written

    def target(self, folder: Path) -> Target:
        """Whether a folder is the stick of last time, another one, or marked for the first time."""
        return target_of(folder, self._store)

    def receive(self, file: Path, *, step: Step = no_step) -> Applied:
        """Take in the county's reply, all of it or (Unreadable, Refused) nothing."""
        said = self._demand_county()

        def trust(sender: str) -> bytes | None:
            return bytes.fromhex(said["verify_key"]) if sender == said["id"] else None

        with (
            naming_release(peek_header(file).program),
            open_bundle(file, self._key, trust, step=step) as bundle,
        ):
            if (bundle.header.kind, bundle.header.sender) != ("reply", said["id"]):
                raise Unreadable(say("This is not the county's reply. Choose the file that the county gave you."))
            return self._take(bundle)

    def _take(self, bundle: Bundle) -> Applied:
        receipt = read_receipt(bundle.documents[RECEIPT]) if RECEIPT in bundle.documents else None
        if receipt is not None:
            self._notice_restored(receipt)
        try:
            with self._store.write() as connection:
                applied = apply_lines(connection, bundle.lines(), lambda _, village: within(village, self._area))
                for _, data in bundle.attachments():
                    sealed.seal(self._place.folder / "attachments", data, self._place.key)
                for device in applied.devices:
                    note_chains(connection, device[-_CODE:], [device])
                self._keep_papers(connection, bundle, receipt)
        except Gap as gap:
            raise Refused(say("This reply builds on changes that are not here. Send to the county first.")) from gap
        return applied

    def _notice_restored(self, receipt: Receipt) -> None:
        """The county has more of this hub than it has itself: it was put back in place, and its villages hear of it.

        The next opening takes a new device id, and files to the county go on above the numbers that came there.
        """
        with self._store.write() as connection:
            own = [tip for tip in receipt.have if tip.device == own_chain(self._store.device, tip.device[-_CODE:])]
            if not all(chain.holds(connection, as_chain_tip(tip)) for tip in own):
                places.renew(connection)
                begin_epoch(connection, self._store.ids)
            said = read_setting(connection, _UP)
            came = max(said["sequence"], receipt.latest.get(self._key.id, 0))
            write_setting(connection, _UP, {**said, "sequence": came})

    def _keep_papers(self, connection: Connection, bundle: Bundle, receipt: Receipt | None) -> None:
        """The receipt moves the mark; policy packs of the county go on to the villages."""
        if receipt is not None:
            keep_receipt(connection, receipt, bundle.header.sequence)
        packs = {name: data.decode() for name, data in bundle.documents.items() if name.endswith(".toml")}
        if packs:
            write_setting(connection, "packs", {**read_setting(connection, "packs", {}), **packs})

    @property
    def _area(self) -> str:
        return f"{self._store.setting('hub')['township']}000"

    @property
    def _key(self) -> DeviceKey:
        key = HubKey.from_secret(str(self._store.setting("hub_key")).encode())
        return DeviceKey(key.id, key.seed, key.identity)

    def _demand_county(self) -> dict[str, Any]:
        said: dict[str, Any] = self._store.setting(_UP, {})
        if not said:
            raise Refused(say("This hub has not joined a county yet. Open the county's invitation first."))
        return said
