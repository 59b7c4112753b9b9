"""What ``villagedesk selftest`` opens: store, fonts, papers, packs, the way to a database server. For installers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

_PASSPHRASE = "selftest"  # noqa: S105  of a store that lives for a second


def _store() -> None:
    from villagedesk.store import place

    with tempfile.TemporaryDirectory() as folder:
        opened, _ = place.create(Path(folder) / "desk", place.DESK, _PASSPHRASE, "selftest")
        try:
            with opened.store.work("household.save", "selftest") as work:
                work.put("household", "0" * 12, {"no": "1"})
                work.put("member", "0" * 12, {"name": "单小明", "household_id": "1"}, new_id="1")
        finally:
            opened.close()


def _packs() -> None:
    from villagedesk.policy.profile import profiles

    profiles()


def _papers() -> None:
    from villagedesk.documents.papers import load_papers

    load_papers()


def _fonts() -> None:
    from datetime import UTC, date, datetime

    from villagedesk.documents.render import render
    from villagedesk.documents.sheet import Sheet, Stamp

    stamp = Stamp("selftest", "", date(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC))
    fields = dict.fromkeys(("village", "device", "made_on", "key", "key_code", "fingerprint"), "验")
    render(Sheet("recovery_sheet", fields, {}, stamp), {})


def _divisions() -> None:
    from villagedesk import divisions

    divisions.children("")


def _sync() -> None:
    from villagedesk.sync.keys import DeviceKey, HubKey

    DeviceKey.generate("selftest")
    HubKey.generate("selftest")


def _server() -> None:
    """What speaks to PostgreSQL loads; nothing is connected to."""
    from sqlalchemy import create_engine

    from villagedesk.store.server import PREFIX

    create_engine(PREFIX)


PARTS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        "store": _store,
        "packs": _packs,
        "papers": _papers,
        "fonts": _fonts,
        "divisions": _divisions,
        "sync": _sync,
        "server": _server,
    }
)
