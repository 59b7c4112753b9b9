"""How long a backup takes: 35,000 people and 5,000 photographs.

python -m tests.reliability.backup_time
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.factories import VILLAGE, make_member
from tests.reliability.work import PASSPHRASE
from villagedesk.desk import Desk, create_desk
from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.services import backups
from villagedesk.services.audit import audit
from villagedesk.services.retrieval import compare
from villagedesk.store import sealed, vault

HOUSEHOLDS, EACH, PHOTOS, PHOTO = 10_000, 4, 5_000, 200_000


@contextmanager
def clocked(what: str) -> Iterator[None]:
    """Prints how long the block took."""
    began = time.perf_counter()
    yield
    print(f"| {what} | {time.perf_counter() - began:.1f} |", flush=True)


def fill(desk: Desk) -> None:
    """Invented people and pictures of noise."""
    ids, new = desk.place.store.ids, make_member()
    facts = {name: getattr(new, name) for name in ("name", "relation", "sex", "birth", "ethnic", "id_number", "health")}
    with desk.place.store.work("roster.import", "list") as work:
        houses = [{"id": ids(), "no": f"2019{number:07}"} for number in range(HOUSEHOLDS)]
        work.insert_many("household", VILLAGE, houses)
        people = [{"id": ids(), "household_id": house["id"], **facts} for house in houses for _ in range(EACH)]
        work.insert_many("member", VILLAGE, people[:35_000])
    with desk.place.store.work("attachment.save", "photographs") as work:
        for _ in range(PHOTOS):
            digest = sealed.seal(desk.place.folder / "attachments", os.urandom(PHOTO), desk.place.key)
            draft = AttachmentDraft(digest=digest, kind="photo", media_type="image/jpeg", size=PHOTO)
            work.put_draft("attachment", VILLAGE, draft, new_id=ids())


def main() -> None:
    """The command."""
    village = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", county="泗洪县", profile="jiangsu-2018")
    print("| work | s |\n|---|---|")
    with tempfile.TemporaryDirectory(prefix="backup-time-") as folder:
        with create_desk(Path(folder) / "desk", PASSPHRASE, village)[0] as desk:
            with clocked("filling the desk"):
                fill(desk)
            with clocked("backup, read back and checked"):
                file = backups.backup(desk.place, Path(folder))
            print(f"| (its size, MB) | {file.stat().st_size / 1e6:.0f} |")
            with clocked("backup checked again"):
                backups.check(file)
            with clocked("what a restore would lose"):
                compare(desk.place, file)
            with clocked("full audit of the desk"):
                audit(desk.place)
        with clocked("restore"):
            backups.restore(file, Path(folder) / "new", PASSPHRASE, datetime.now(UTC))
        with clocked("key derivation (64 MiB, 3 passes)"):
            vault.open_vault(Path(folder) / "new" / vault.VAULT_NAME, PASSPHRASE)


if __name__ == "__main__":
    main()
