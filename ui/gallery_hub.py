"""The township of the gallery: a copy of the demo's hub, with neighbours that sent exits, a twin and a bad file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from ui import doors
from villagedesk import divisions
from villagedesk.demo.village import generate
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.team import VillageDraft
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
    stick = folder / "stick"
    with _laptop(hub, folder, file, "办公室电脑") as desk:
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
        if number == 0:
            _colleague(hub, folder, file, desk)


def _laptop(hub: Hub, folder: Path, file: VillageDraft, name: str) -> Desk:
    """A new laptop of a village that has joined."""
    desk, _ = create_desk(folder / "neighbours" / file.code / name, doors.DEMO_PASSPHRASE, file, author=name)
    desk.sync.join(hub.township.invite(file.code, folder / "stick"), name)
    return desk


def _colleague(hub: Hub, folder: Path, file: VillageDraft, desk: Desk) -> None:
    """A second laptop changes the same fields, and types a household that stands in the first one, too, without IDs."""
    stick = folder / "stick"
    old = desk.households.all()[0].no
    new = replace(desk.households.all()[-1], id="", no="241112130099", revision=0)
    members = [replace(one, id="", id_number="", person_no="") for one in new.members]
    with _laptop(hub, folder, file, "第一书记的电脑") as other:
        for each in (desk, other):
            each.households.save(replace(new, members=tuple(members)), "visit")
        hub.township.receive([each.sync.send(stick).path for each in (desk, other)])
        reply = hub.township.reply(stick, file.code)[0].path
        for each, words, phone in ((desk, "一组18号", "13800000001"), (other, "一组21号", "13800000002")):
            each.sync.receive(reply)
            home = each.households.by_no(old)
            if home is not None:
                each.households.save(replace(home, address=words, phone=phone), "入户核实")
        hub.township.receive([each.sync.send(stick).path for each in (desk, other)])


def _with_twin(hub: Hub, draft: HouseholdDraft, number: int) -> HouseholdDraft:
    """Let a member of the first neighbour be one whom the demo's village has too."""
    known = [one for home in hub.review.household_ids() for one in hub.review.household(home).living]
    wife = next((one for one in known if one.relation == "02"), None)
    if number or wife is None:
        return draft
    return replace(draft, members=(*draft.members, replace(wife, id="", left_on=None, relation="99")))


def _compare(hub: Hub, folder: Path) -> None:
    """A list of deaths with two living persons on it."""
    people = [hub.review.household(one).living[-1] for one in hub.review.household_ids()[:2]]
    lines = [f"{one.name},{one.id_number}" for one in people if one.id_number]
    listed = folder / "deaths.csv"
    listed.write_text("\n".join(("姓名,身份证号码", *lines, "某人,000000190001010019")), "utf-8")
    hub.comparisons.compare("death", listed)
