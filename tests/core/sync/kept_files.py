"""The files of one exchange as a version wrote them, kept so that every later version reads them.

    python -m tests.core.sync.kept_files tests/data/send-file/v1/exchange

Run once when a version is given out, into a folder of its own; what lies there is never written again.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import Hub, create_hub
from villagedesk.store.wraps import Cost

VILLAGE = "321324111001"
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
CHEAP = Cost(8, 1, 1)
_SETTINGS = ("hub", "hub_key")


def facts(desk: Desk | Hub) -> list[dict[str, Any]]:
    """What a place says of its households."""
    homes = desk.households.all() if isinstance(desk, Desk) else [
        desk.review.household(one) for one in desk.review.household_ids()
    ]  # fmt: skip
    return [
        {"no": home.no, "address": home.address, "members": [[one.name, one.relation] for one in home.members]}
        for home in sorted(homes, key=lambda each: each.no)
    ]


def write(folder: Path) -> None:
    """One village joins, sends twice, and gets its reply; everything it takes to read the files again."""
    folder.mkdir(parents=True)
    work = folder / "work"
    hub, _ = create_hub(work / "hub", "p", "界集镇", VILLAGE[:9], clock=lambda: NOW)
    village = VillageDraft(code=VILLAGE, name="某村", profile="jiangsu-2018")
    desk, _ = create_desk(work / "desk", "p", village, author="甲", clock=lambda: NOW, cost=CHEAP)
    with hub, desk:
        token = {"invites": hub.place.store.setting("invites", {})}
        desk.sync.join(hub.township.invite(VILLAGE, folder), "电脑")
        token["invites"] = hub.place.store.setting("invites")
        said = {name: hub.place.store.setting(name) for name in _SETTINGS} | token
        head = MemberDraft(name="王大", relation="01", sex="1", birth=date(1970, 1, 1))
        desk.households.save(HouseholdDraft(no="1", group="一组", state="2", kind="1", members=(head,)), "visit")
        home = desk.households.by_no("1")
        desk.households.save(replace(home, address="村东"), "visit")
        sent = desk.sync.send(folder).path
        hub.township.receive([sent])
        reply = hub.township.reply(folder)[0].path
        said |= {"device_key": desk.place.store.setting("device_key"), "facts": facts(desk), "sent": sent.name,
                 "reply": reply.name, "totals": dict(hub.township.villages()[0].totals)}  # fmt: skip
    (folder / "said.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    import shutil

    write(Path(sys.argv[1]))
    shutil.rmtree(Path(sys.argv[1]) / "work")
