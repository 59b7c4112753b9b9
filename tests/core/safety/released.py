"""A small desk of a released schema, kept as a backup: made once, when the release is made, and opened for ever after.

    python -m tests.core.safety.released

writes ``tests/data/desks/schema-N.vdbackup`` and beside it what must be in it. Commit both with the release; from then
on a change of the drafts is a new step in ``villagedesk/store/migrations``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tests.factories import VILLAGE, make_child, make_household, make_id_number, make_income, make_member, make_spouse
from villagedesk import __version__
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.drafts.plan import PlanDraft
from villagedesk.drafts.team import VillageDraft, VisitDraft
from villagedesk.records.schema import RECORDS, revision
from villagedesk.services.backups import backup
from villagedesk.store import sealed
from villagedesk.store.migrations import SCHEMA
from villagedesk.store.wraps import Cost

FOLDER = Path(__file__).parents[2] / "data" / "desks"
PASSPHRASE = "three green hills"
NOW = datetime(2019, 11, 10, 9, tzinfo=UTC)
SCAN = b"scan of a signed sheet" * 200


def make(folder: Path = FOLDER) -> Path:
    """Write the desk of today's schema; returns its file."""
    village = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", county="泗洪县", profile="jiangsu-2018")
    file = folder / f"schema-{SCHEMA}.vdbackup"
    with tempfile.TemporaryDirectory() as passing:
        desk, _ = create_desk(Path(passing) / "desk", PASSPHRASE, village, author="周敏", clock=lambda: NOW,
                              cost=Cost(8, 1, 1))  # fmt: skip
        with desk:
            _fill(desk)
            folder.mkdir(parents=True, exist_ok=True)
            backup(desk.place, file)
            said = {"version": __version__, "schema": SCHEMA, **held(desk)}
    file.with_suffix(".json").write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return file


def held(desk: Desk) -> dict[str, Any]:
    """What a desk holds, in words that outlive its schema: records by kind, people, phones, the history's last line."""
    with desk.place.store.read() as connection:
        counts = {
            kind: connection.execute(select(func.count()).select_from(record.table)).scalar_one()
            for kind, record in RECORDS.items()
        }
        last = connection.execute(select(revision.c.hash).order_by(revision.c.n.desc()).limit(1)).scalar_one()
    households = desk.households.all()
    return {
        "records": {kind: count for kind, count in counts.items() if count},
        "people": {each.no: [member.name for member in each.members] for each in households},
        "phones": [each.phone for each in households],
        "incomes": [sum(line.amount for line in income.lines) for each in households
                    for income in desk.households.incomes(each.id)],
        "last": last.hex(),
    }  # fmt: skip


def _fill(desk: Desk) -> None:
    for number in range(3):
        birth = datetime(1960, 1, 1 + number, tzinfo=UTC).date()
        members = (make_member(birth=birth, id_number=make_id_number(birth)),
                   *([make_spouse(), make_child()] if number == 0 else []))  # fmt: skip
        draft = make_household(no=f"2019{number:05}", members=tuple(members), phone=f"1540000000{number}")
        id_ = desk.households.save(draft, "visit").records["household"][0]
        desk.households.save_income(make_income(household_id=id_), "visit")
    digest = sealed.seal(desk.place.folder / "attachments", SCAN, desk.place.key)
    scan = AttachmentDraft(digest=digest, kind="scan", media_type="image/png", size=len(SCAN), title="签字表")
    with desk.place.store.work("attachment.save", "scanned") as work:
        work.put_draft("attachment", VILLAGE, scan, new_id=desk.place.store.ids())
    desk.visits.save(VisitDraft(household_id=id_, visitor="周敏", visited_on=NOW.date(), heard="要修路"), "visit")
    desk.plans.save(PlanDraft(household_id=id_, year=2019, goals="收入稳定"), "plan")


if __name__ == "__main__":
    sys.stdout.write(f"{make()}\n")
