"""Joining: the township's invite, a small text file, and the laptop's answer, which travels in its first send file.

The invite carries no secret of the township, but its ``token`` shows who was invited; the fingerprint on it, compared
by telephone or on paper, shows that it is the township's.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from villagedesk import __version__
from villagedesk.durable import reading, write_whole
from villagedesk.errors import Newer, Refused, Unreadable
from villagedesk.sync.keys import ID, DeviceCard, DeviceKey, HubKey, check_signature, fingerprint, read_recipient
from villagedesk.sync.untrusted import Fields, canonical, parse
from villagedesk.text import say, tr

INVITE_SUFFIX = ".vdinvite"
TOKEN = "[0-9a-f]{32}"  # noqa: S105  a pattern
VILLAGE = "[0-9]{12}"

_BEGIN = "-----BEGIN VILLAGEDESK INVITE-----"
_END = "-----END VILLAGEDESK INVITE-----"
_BLOCK = re.compile(f"{_BEGIN}([A-Za-z0-9+/=\\s]*){_END}")
_LARGEST = 4 << 20
_LARGEST_PACK = 1 << 20
_LARGEST_SLIP = 8 << 10
_INVITE = b"villagedesk-invite-v1"
_ENROLMENT = b"villagedesk-enrolment-v1"


@dataclass(frozen=True)
class Invite:
    """What a village needs to send to a hub. ``packs`` maps the file name of a policy pack to its text."""

    hub: str
    hub_name: str
    township: str
    village: str
    recipient: str
    verify_key: bytes
    epoch: str
    expires: date
    token: str
    packs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def fingerprint(self) -> str:
        """The digits the village reads back to the township."""
        return fingerprint(self.verify_key, self.recipient)


@dataclass(frozen=True)
class Enrolment:
    """A laptop's answer to an invite: its card, the village it writes for, and the token it was given."""

    card: DeviceCard
    hub: str
    village: str
    token: str


def new_token() -> str:
    """A fresh token for one invite."""
    return secrets.token_hex(16)


def write_invite(folder: Path, invite: Invite, key: HubKey) -> Path:
    """Write the invite as ``<village>.vdinvite`` and return its path. Raises Unavailable when the place refuses."""
    path = folder / f"{invite.village}{INVITE_SUFFIX}"
    write_whole(path, [invite_text(invite, key).encode()], read_back=True)
    return path


def invite_text(invite: Invite, key: HubKey) -> str:
    """The file: a few lines for people, then the signed block for the program."""
    body = canonical(_invite_fields(invite))
    block = base64.encodebytes(canonical({"invite": body.decode(), "sig": key.sign(_INVITE, body).hex()})).decode()
    return f"{_heading(invite)}\n\n{_BEGIN}\n{block}{_END}\n"


def _heading(invite: Invite) -> str:
    """What a person reads who opens the file as a text: for whom it is, where to open it, which digits to compare."""
    said = {"hub": invite.hub_name, "expires": invite.expires.isoformat(), "fingerprint": invite.fingerprint}
    if invite.village.endswith("000"):
        return tr(
            "VillageDesk: invitation of {hub} for the township {code}, good until {expires}.\n"
            "Open it in the township's hub: This hub, Open the county's invitation. Then compare these digits with the "
            "county by telephone:\n{fingerprint}",
            code=invite.village[:9], **said,
        )  # fmt: skip
    return tr(
        "VillageDesk: invitation of {hub} for village {village}, good until {expires}.\n"
        "Open it in the village's desk: Exchange, Open the township's invitation. Then compare these digits with the "
        "township by telephone:\n{fingerprint}",
        village=invite.village, **said,
    )  # fmt: skip


def read_invite(path: Path, today: date) -> Invite:
    """Read an invite file. What it says counts only from the signed block, never from the lines above it.

    Raises Unreadable when it is no invite, damaged or altered; Refused when it has expired by ``today``.
    """
    sealed = _open_block(path)
    body = sealed.long_text("invite", _LARGEST).encode()
    raw = parse(body, _DAMAGED)
    _demand_readable(raw)
    invite = _invite(raw)
    check_signature(invite.verify_key, _INVITE, body, sealed.octets("sig", 64), _DAMAGED)
    if invite.expires < today:
        raise Refused(
            say("This invite expired on {day}. Ask the township for a new one.", day=invite.expires.isoformat())
        )
    return invite


_NO_INVITE = say("This is not an invite of VillageDesk. Choose the .vdinvite file the township gave you.")
_DAMAGED = say("This invite is damaged or was altered. Ask the township for a new copy.")


def _demand_readable(raw: Fields) -> None:
    """Raise Unreadable for an invite of a later form, naming the release that wrote it."""
    try:
        raw.demand_version(1)
    except Newer as newer:
        if raw.release() in {"", __version__}:
            raise
        raise Unreadable(
            say("This invitation was made by version {program} of the program, this one is {own}. Update this one to "
                "that version first.", program=raw.release(), own=__version__)
        ) from newer  # fmt: skip


def _open_block(path: Path) -> Fields:
    with reading(path), path.open("rb") as stream:
        text = stream.read(_LARGEST + 1).decode("utf-8-sig", "replace")
    block = _BLOCK.search(text)
    if block is None or len(text) > _LARGEST:
        raise Unreadable(_DAMAGED if _BEGIN in text else _NO_INVITE)
    try:
        return parse(base64.b64decode("".join(block[1].split()), validate=True), _DAMAGED)
    except binascii.Error as error:
        raise Unreadable(_DAMAGED) from error


def _invite_fields(invite: Invite) -> dict[str, object]:
    return {
        "v": 1,
        "program": __version__,
        "hub": invite.hub,
        "hub_name": invite.hub_name,
        "township": invite.township,
        "village": invite.village,
        "recipient": invite.recipient,
        "verify_key": invite.verify_key.hex(),
        "epoch": invite.epoch,
        "expires": invite.expires.isoformat(),
        "token": invite.token,
        "packs": dict(invite.packs),
    }


def _invite(raw: Fields) -> Invite:
    try:
        expires = date.fromisoformat(raw.matching("expires", "[0-9]{4}-[0-9]{2}-[0-9]{2}"))
    except ValueError:
        raw.refuse()
    packs = raw.texts("packs", _LARGEST_PACK)
    if not all(re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}\.toml", name) for name in packs):
        raw.refuse()
    return Invite(
        hub=raw.matching("hub", ID),
        hub_name=raw.text("hub_name"),
        township=raw.matching("township", "[0-9]{9}"),
        village=raw.matching("village", VILLAGE),
        recipient=read_recipient(raw, "recipient"),
        verify_key=raw.octets("verify_key", 32),
        epoch=raw.matching("epoch", ID),
        expires=expires,
        token=raw.matching("token", TOKEN),
        packs=MappingProxyType(packs),
    )


def enrol(invite: Invite, key: DeviceKey, name: str) -> bytes:
    """The signed answer to ``invite``, to go into the first send file. ``name`` is the laptop's, for people."""
    body = canonical(
        {
            "v": 1,
            "hub": invite.hub,
            "village": invite.village,
            "token": invite.token,
            "card": key.card(name).to_fields(),
        }
    )
    return canonical({"enrolment": body.decode(), "sig": key.sign(_ENROLMENT, body).hex()})


def read_enrolment(data: bytes) -> Enrolment:
    """An enrolment signed by the key on its own card; whether its token was given out is the hub's to ask.

    Raises Unreadable when it is damaged or the signature is not its own.
    """
    problem = say("The joining slip in this file is damaged. Let the village join once more.")
    sealed = parse(data, problem)
    body = sealed.long_text("enrolment", _LARGEST_SLIP).encode()
    raw = parse(body, problem)
    card = DeviceCard.from_fields(raw.within("card"))
    check_signature(card.sign_key, _ENROLMENT, body, sealed.octets("sig", 64), problem)
    raw.demand_version(1)
    return Enrolment(card, raw.matching("hub", ID), raw.matching("village", VILLAGE), raw.matching("token", TOKEN))
