"""Commands of the exchange: the desk's side (sync) and the township's (hub)."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from villagedesk.cli import common, passphrase
from villagedesk.commands import output
from villagedesk.commands.desks import login, open_desk
from villagedesk.errors import Usage, VillageDeskError
from villagedesk.text import say, tr

Command = Callable[..., argparse.ArgumentParser]


def add(command: Command) -> None:
    """Declare the commands."""
    _add_sync(command("sync", run, tr("exchange with the township or another laptop")))
    _add_hub(command("hub", run, tr("the township's side")))


def run(arguments: argparse.Namespace) -> int:
    """The verb that was named."""
    verb: Callable[[argparse.Namespace], int] = arguments.verb
    return verb(arguments)


def _verb(verbs: Any, name: str, place: str, work: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name)
    common(parser)
    parser.add_argument(place, type=Path)
    parser.set_defaults(verb=work)
    return parser


def _add_sync(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, parser_class=type(parser))
    _verb(verbs, "join", "desk", join).add_argument("invite", type=Path)
    send_parser = _verb(verbs, "send", "desk", send)
    send_parser.add_argument("folder", type=Path, metavar="DIR")
    send_parser.add_argument("--to-device", action="store_true")
    send_parser.add_argument("--everything", action="store_true")
    _verb(verbs, "receive", "desk", receive).add_argument("files", nargs="+", type=Path)
    _verb(verbs, "status", "desk", status)
    _verb(verbs, "conflicts", "desk", conflicts)


def _add_hub(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, parser_class=type(parser))
    new = _verb(verbs, "new", "hub", hub_new)
    new.add_argument("--name", required=True)
    new.add_argument("--township", required=True, metavar="CODE9")
    new.add_argument("--database", default="", metavar="postgresql+psycopg://…")
    invite = _verb(verbs, "invite", "hub", hub_invite)
    invite.add_argument("--village", required=True, metavar="CODE12")
    invite.add_argument("--out", type=Path, required=True, metavar="FILE")
    _verb(verbs, "receive", "hub", hub_receive).add_argument("files", nargs="+", type=Path)
    _verb(verbs, "status", "hub", hub_status)
    _verb(verbs, "conflicts", "hub", hub_conflicts)
    _verb(verbs, "reply", "hub", hub_reply).add_argument("--out", type=Path, required=True, metavar="DIR")
    _verb(verbs, "join", "hub", hub_join).add_argument("invite", type=Path)
    up = _verb(verbs, "send", "hub", hub_send)
    up.add_argument("folder", type=Path, metavar="DIR")
    up.add_argument("--everything", action="store_true")
    _verb(verbs, "take", "hub", hub_take).add_argument("file", type=Path)
    table = _verb(verbs, "table", "hub", hub_table)
    table.add_argument("name")
    table.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")


def join(arguments: argparse.Namespace) -> int:
    """``villagedesk sync join``."""
    with open_desk(arguments) as desk:
        invite = desk.sync.join(arguments.invite, platform.node())
    if arguments.json:
        output.document({"hub": invite.hub_name, "fingerprint": invite.fingerprint})
    else:
        output.tell(tr("Joined {hub}. Compare these digits with the township by telephone:", hub=invite.hub_name))
        print(invite.fingerprint)
    return 0


def send(arguments: argparse.Namespace) -> int:
    """``villagedesk sync send``."""
    with open_desk(arguments) as desk:
        _tell_other_stick(desk.sync.target(arguments.folder))
        how = {"to_devices": arguments.to_device, "everything": arguments.everything}
        written = desk.sync.send(arguments.folder, **how, step=output.Progress(tr("Writing")))
    if arguments.json:
        output.document({"file": str(written.path), "sequence": written.header.sequence, "revisions": written.lines})
    else:
        print(written.path)
        output.tell(tr("Written and read back. The stick may be removed."))
    return 0


def _tell_other_stick(target: str) -> None:
    """A stick that was unplugged leaves an empty folder behind."""
    if target in {"other", "unmarked"}:
        output.tell(
            tr("This is not the stick of last time. Look whether it is plugged in; the file is encrypted anyway.")
        )


def receive(arguments: argparse.Namespace) -> int:
    """``villagedesk sync receive``: a bad file holds up no other; its status when none could be taken in."""
    taken: list[dict[str, Any]] = []
    refused: list[VillageDeskError] = []
    with open_desk(arguments) as desk:
        for file in arguments.files:
            try:
                taken.append({"file": file.name, **output.plain(desk.sync.receive(file))})
            except VillageDeskError as error:
                refused.append(error)
                output.tell(tr("“{file}”: {reason}", file=file.name, reason=str(error)))
    if arguments.json:
        output.document({"files": taken})
    else:
        output.lines((one["kind"], one["revisions"], one["repeated"], one["conflicts"]) for one in taken)
    if refused and not taken:
        return max(error.status for error in refused)
    return 1 if refused or any(one["conflicts"] for one in taken) else 0


def status(arguments: argparse.Namespace) -> int:
    """``villagedesk sync status``."""
    with open_desk(arguments) as desk:
        found = output.plain(desk.sync.status())
    if arguments.json:
        output.document(found)
    else:
        output.lines(found.items())
    return 0


def conflicts(arguments: argparse.Namespace) -> int:
    """``villagedesk sync conflicts``."""
    with open_desk(arguments) as desk:
        found = desk.sync.conflicts()
    return _print_conflicts(arguments, found)


def _print_conflicts(arguments: argparse.Namespace, found: Any) -> int:
    if arguments.json:
        output.document({"conflicts": found})
    else:
        for one in found:
            output.lines((one.kind, one.record_id, one.field, c.author, c.at, c.value) for c in one.candidates)
    return 1 if found else 0


def _open_hub(arguments: argparse.Namespace) -> Any:
    from villagedesk import hub

    return hub.open_hub(arguments.hub, passphrase(arguments), author=login())


def hub_new(arguments: argparse.Namespace) -> int:
    """``villagedesk hub new``."""
    from villagedesk import hub

    made, recovery = hub.create_hub(
        arguments.hub,
        passphrase(arguments),
        arguments.name,
        arguments.township,
        author=login(),
        database=arguments.database,
    )
    with made:
        fingerprint = made.township.key.fingerprint
    if arguments.json:
        output.document({"hub": str(arguments.hub), "fingerprint": fingerprint, "recovery_key": recovery})
    else:
        output.tell(tr("Made the hub of {name}. Write this recovery key down and lock it away:", name=arguments.name))
        print(recovery)
    return 0


def hub_invite(arguments: argparse.Namespace) -> int:
    """``villagedesk hub invite``."""
    with _open_hub(arguments) as hub:
        path = hub.township.invite(arguments.village, arguments.out)
    if arguments.json:
        output.document({"file": str(path)})
    else:
        print(path)
    return 0


def hub_receive(arguments: argparse.Namespace) -> int:
    """``villagedesk hub receive``: exit 1 when a file was held or refused."""
    with _open_hub(arguments) as hub:
        found = hub.township.receive(_sent(arguments.files), step=output.Progress(tr("Receiving")))
    if arguments.json:
        output.document({"files": found})
    else:
        output.lines((one.file, one.village, one.status, one.revisions, one.reason or "") for one in found)
    return 1 if any(one.status in {"held", "rejected"} for one in found) else 0


def _sent(given: Sequence[Path]) -> list[Path]:
    """The files named; of a folder those that villages send. Raises Usage for a folder without any."""
    found: list[Path] = []
    for path in given:
        here = sorted(path.glob("*.vdsend")) if path.is_dir() else [path]
        if not here:
            raise Usage(say("There is no file of a village in “{folder}”. Name the files, or another folder.",
                            folder=path.name))  # fmt: skip
        found += here
    return found


def hub_status(arguments: argparse.Namespace) -> int:
    """``villagedesk hub status``."""
    with _open_hub(arguments) as hub:
        found = hub.township.villages()
    if arguments.json:
        output.document({"villages": found})
    else:
        output.lines(output.plain(row).values() for row in found)
    return 0


def hub_conflicts(arguments: argparse.Namespace) -> int:
    """``villagedesk hub conflicts``."""
    with _open_hub(arguments) as hub:
        found = hub.township.conflicts()
    return _print_conflicts(arguments, found)


def hub_reply(arguments: argparse.Namespace) -> int:
    """``villagedesk hub reply``."""
    with _open_hub(arguments) as hub:
        written = hub.township.reply(arguments.out, step=output.Progress(tr("Writing")))
    files = [{"file": str(one.path), "village": one.header.village, "revisions": one.lines} for one in written]
    if arguments.json:
        output.document({"files": files})
    else:
        output.lines(file.values() for file in files)
        output.tell(tr("Written and read back. The stick may be removed."))
    return 0


def hub_join(arguments: argparse.Namespace) -> int:
    """``villagedesk hub join``: a township's hub joins its county's."""
    with _open_hub(arguments) as hub:
        invite = hub.upward.join(arguments.invite)
    if arguments.json:
        output.document({"hub": invite.hub_name, "fingerprint": invite.fingerprint})
    else:
        output.tell(tr("Joined {hub}. Compare these digits with the county by telephone:", hub=invite.hub_name))
        print(invite.fingerprint)
    return 0


def hub_send(arguments: argparse.Namespace) -> int:
    """``villagedesk hub send``: the township's file for its county."""
    with _open_hub(arguments) as hub:
        _tell_other_stick(hub.upward.target(arguments.folder))
        how = {"everything": arguments.everything}
        written = hub.upward.send(arguments.folder, **how, step=output.Progress(tr("Writing")))
    if arguments.json:
        output.document({"file": str(written.path), "sequence": written.header.sequence, "revisions": written.lines})
    else:
        print(written.path)
        output.tell(tr("Written and read back. The stick may be removed."))
    return 0


def hub_take(arguments: argparse.Namespace) -> int:
    """``villagedesk hub take``: the county's reply into the township's hub."""
    with _open_hub(arguments) as hub:
        applied = hub.upward.receive(arguments.file)
    if arguments.json:
        output.document({"revisions": applied.revisions, "conflicts": applied.conflicts})
    else:
        output.lines([(applied.revisions, applied.conflicts)])
    return 1 if applied.conflicts else 0


def hub_table(arguments: argparse.Namespace) -> int:
    """``villagedesk hub table``."""
    with _open_hub(arguments) as hub:
        rows = hub.township.write_register(arguments.name, arguments.out)
    if arguments.json:
        output.document({"file": str(arguments.out), "rows": rows})
    else:
        output.lines([(arguments.out, rows)])
    return 0
