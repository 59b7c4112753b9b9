"""The recovery sheet: printed once when a desk is set up, then locked away."""

from __future__ import annotations

import hashlib
from datetime import datetime

from villagedesk.documents.render import render
from villagedesk.documents.sheet import Sheet, Stamp
from villagedesk.services.sheets.common import chinese_date
from villagedesk.services.site import CHINA


def recovery_sheet(key: str, village: str, device: str, now: datetime) -> bytes:
    """The PDF of a recovery key; ``key`` as the vault gave it out. It is kept nowhere."""
    made_on = now.astimezone(CHINA).date()
    digits = int(hashlib.sha256(b"villagedesk-recovery-v1\0" + key.encode()).hexdigest(), 16) % 10**8
    fields = {
        "village": village,
        "device": device,
        "made_on": chinese_date(made_on),
        "key": key,
        "key_code": key,
        "fingerprint": f"{digits:08d}",
    }
    return render(Sheet("recovery_sheet", fields, {}, Stamp("recovery", "", made_on, now)), {}).pdf
