"""The township of the gallery: a copy of the demo's hub, with neighbours that sent exits, a twin and a bad file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from ui import doors
from villagedesk import divisions
from villagedesk.demo.village import generate
from villagedesk.desk import create_desk
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.hub import Hub, open_hub

_NEIGHBOURS = 3
_HOUSEHOLDS = 6


def stage(source: Path, folder: Path) -> Path:
    """Copy the demo's hub to ``folder``/hub and let neighbours send; the hub's folder."""
    target = folder / "hub"
    for old in (target, folder / "neighbours", folder / "stick"):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(source, target)
    with open_hub(target, doors.DEMO_PASSPHRASE) as hub:
        settle(hub, folder)
    return target


def settle(hub: Hub, folder: Path) -> None:
    """Let neighbours of the village that the hub knows send to it, one file damaged; compare a list of deaths."""
    (folder / "stick").mkdir(exist_ok=True)
    known = hub.review.names()
    township = next(iter(known))[:9]
    fresh = [found for found in divisions.children(township) if found.code not in known]
    for number, division in enumerate(fresh[:_NEIGHBOURS]):
        _neighbour(hub, folder, division, number)
    if len(fresh) > _NEIGHBOURS:
        hub.township.invite(fresh[_NEIGHBOURS].code, folder / "stick")
    _compare(hub, folder)


def _neighbour(hub: Hub, folder: Path, division: divisions.Division, number: int) -> None:
    made = generate("jiangsu-2018", _HOUSEHOLDS, 70 + number)
    file = replace(made.file, code=division.code, name=division.short_name)
    desk, _ = create_desk(
        folder / "neighbours" / division.code, doors.DEMO_PASSPHRASE, file, author=division.short_name
    )
    stick = folder / "stick"
    with desk:
        desk.sync.join(hub.township.invite(division.code, stick), "办公室电脑")
        for at, each in enumerate(made.households):
            desk.households.save(each.draft if at else _with_twin(hub, each.draft, number), "visit")
        with desk.site.store.work("test", "gallery") as work:
            for at, home in enumerate(desk.lists.household_ids()[:3]):
                values = {"household_id": home, "state": "reported", "year": 2026}
                work.put("exit", division.code, values, f"{division.code}{at}")
        sent = desk.sync.send(stick).path
    damaged = stick / f"copy-{sent.name}"
    damaged.write_bytes(sent.read_bytes()[:-7])
    hub.township.receive([sent, damaged] if number == 0 else [sent])


def _with_twin(hub: Hub, draft: HouseholdDraft, number: int) -> HouseholdDraft:
    """Let a member of the first neighbour be one whom the demo's village has too."""
    household = hub.review.household(hub.review.household_ids()[number])
    wife = next((one for one in household.living if one.relation == "02"), None)
    if number or wife is None or len(draft.members) < 2:
        return draft
    return replace(draft, members=(draft.members[0], replace(wife, id="", left_on=None), *draft.members[2:]))


def _compare(hub: Hub, folder: Path) -> None:
    """A list of deaths with two living persons on it."""
    people = [hub.review.household(one).living[-1] for one in hub.review.household_ids()[:2]]
    lines = [f"{one.name},{one.id_number}" for one in people if one.id_number]
    listed = folder / "deaths.csv"
    listed.write_text("\n".join(("姓名,身份证号码", *lines, "某人,000000190001010019")), "utf-8")
    hub.comparisons.compare("death", listed)
