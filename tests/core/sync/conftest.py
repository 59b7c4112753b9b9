"""A township, two laptops, and files between them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from villagedesk import text
from villagedesk.sync.bundle import Bundle, BundleHeader, Cargo, WrittenBundle, open_bundle, write_bundle
from villagedesk.sync.header import seal_header
from villagedesk.sync.invite import Invite, new_token
from villagedesk.sync.keys import DeviceKey, HubKey, KeyPair, key_id
from villagedesk.sync.package import Packer
from villagedesk.sync.receipt import Tip
from villagedesk.sync.stream import seal

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
VILLAGE = "610102001201"
TIP = Tip("laptop-a", 7, "ab" * 32)
LINES = tuple(b'{"d":"laptop-a","s":%d,"why":"\xe6\x94\xb9"}' % number for number in range(40))
SCAN = b"\x89scan of a signed paper" * 40


@dataclass(frozen=True)
class Road:
    """Who writes to whom, and where the stick is."""

    stick: Path
    hub: HubKey
    laptop: DeviceKey
    colleague: DeviceKey

    def trust(self, sender: str) -> bytes | None:
        known = {key.id: key.sign_key for key in (self.hub, self.laptop, self.colleague)}
        return known.get(sender)

    def header(self, **changes: object) -> BundleHeader:
        return replace(BundleHeader("send", VILLAGE, 12, "epoch-1"), **changes)

    def cargo(self, **changes: object) -> Cargo:
        digest = hashlib.sha256(SCAN).hexdigest()
        cargo = Cargo(NOW, LINES, [(digest, lambda: SCAN)], {"households": 3}, [TIP], documents={"list.csv": b"a,b\n"})
        return replace(cargo, **changes)

    def write(self, header: BundleHeader | None = None, cargo: Cargo | None = None, **kwargs: object) -> WrittenBundle:
        return write_bundle(
            self.stick, header or self.header(), cargo or self.cargo(), self.laptop, [self.hub.recipient], **kwargs
        )

    def open(self, path: Path, key: KeyPair | None = None) -> Bundle:
        return open_bundle(path, key or self.hub, self.trust)

    def package(self, cargo: Cargo | None = None) -> bytes:
        """The tar inside, as the laptop would make it."""
        header = replace(self.header(), sender=self.laptop.id)
        return b"".join(Packer(header).pack(cargo or self.cargo()))

    def forge(
        self, package: bytes, signer: KeyPair | None = None, layers: Callable[[bytes], bytes] | None = None
    ) -> Path:
        """A file with any inside and a valid outside: what a laptop gone bad could make."""
        payload = io.BytesIO()
        if layers is None:
            seal([package], [self.hub.recipient], payload)
        else:
            payload.write(layers(package))
        return self.wrap(payload.getvalue(), signer)

    def wrap(self, payload: bytes, signer: KeyPair | None = None, **changes: object) -> Path:
        header = self.header(
            to=(key_id(self.hub.recipient),), length=len(payload), sha256=hashlib.sha256(payload).hexdigest()
        )
        path = self.stick / "forged.vdsend"
        path.write_bytes(seal_header(replace(header, **changes), signer or self.laptop) + payload)
        return path

    def invite(self, **changes: object) -> Invite:
        invite = Invite(
            hub=self.hub.id,
            hub_name="石门镇",
            township="610102001",
            village=VILLAGE,
            recipient=self.hub.recipient,
            verify_key=self.hub.sign_key,
            epoch="epoch-1",
            expires=date(2026, 12, 31),
            token=new_token(),
            packs={"shangzhou-2020.toml": 'id = "商州"\n'},
        )
        return replace(invite, **changes)


@pytest.fixture(autouse=True)
def english(chinese: None) -> None:
    """The sentences as they stand in the source, so that a test can name them."""
    text.use("en")


@pytest.fixture(scope="session")
def keys() -> tuple[HubKey, DeviceKey, DeviceKey]:
    return HubKey.generate("hub-1"), DeviceKey.generate("laptop-a"), DeviceKey.generate("laptop-b")


@pytest.fixture
def road(tmp_path: Path, keys: tuple[HubKey, DeviceKey, DeviceKey]) -> Road:
    stick = tmp_path / "stick"
    stick.mkdir()
    return Road(stick, *keys)
