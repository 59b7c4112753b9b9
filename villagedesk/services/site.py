"""What every service stands on: the open store, the village and the policy it works under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from villagedesk.policy.codes import CodeBook
from villagedesk.policy.profile import Profile
from villagedesk.store.store import Store

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Site:
    """One village on one laptop."""

    store: Store
    folder: Path
    key: bytes  # data key, for sealed attachments
    village: str  # 12-digit code
    profile: Profile
    codes: CodeBook

    def today(self) -> date:
        """The date in China by this machine's clock."""
        return self.store.clock().astimezone(CHINA).date()
