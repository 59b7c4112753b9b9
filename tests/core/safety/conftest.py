"""A small real desk with a scan in it, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import VILLAGE, make_household, make_id_number, make_member
from villagedesk import text
from villagedesk.desk import Desk, create_desk, open_desk
from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.store import sealed
from villagedesk.store.wraps import Cost

PASSPHRASE = "three green hills"
CHEAP = Cost(8, 1, 1)
NOW = datetime(2019, 11, 10, 9, tzinfo=UTC)
SCAN = b"scan of a signed sheet" * 500


def attach(desk: Desk, data: bytes = SCAN, title: str = "签字表") -> str:
    """Seal ``data`` into the desk and record it; returns the SHA-256."""
    digest = sealed.seal(desk.place.folder / "attachments", data, desk.place.key)
    draft = AttachmentDraft(digest=digest, kind="scan", media_type="image/png", size=len(data), title=title)
    with desk.place.store.work("attachment.save", "scanned") as work:
        work.put_draft("attachment", desk.site.village, draft, new_id=desk.place.store.ids())
    return digest


def save(desk: Desk, number: int, **over: Any) -> str:
    """Save one more household; returns its id."""
    birth = date(1960, 1, 1) + timedelta(days=number)
    head = make_member(person_no="", birth=birth, id_number=make_id_number(birth))
    draft = make_household(no=f"2019{number:05}", members=(head,), **over)
    return str(desk.households.save(draft, "visit").records["household"][0])


def numbers(desk: Desk) -> list[str]:
    """The numbers of the households in the desk."""
    return [row.no for row in desk.households.all()]


@pytest.fixture(autouse=True)
def english(chinese: None) -> None:
    text.use("en")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A closed desk of two households and a scan, and its recovery key."""
    folder = tmp_path_factory.mktemp("made") / "desk"
    village = VillageDraft(code=VILLAGE, name="沙洲村", township="柳河镇", county="泗洪县", profile="jiangsu-2018")
    desk, recovery = create_desk(folder, PASSPHRASE, village, author="周敏", clock=lambda: NOW, cost=CHEAP)
    with desk:
        save(desk, 1)
        save(desk, 2)
        attach(desk)
    return folder, recovery


@pytest.fixture
def recovery_key(made: tuple[Path, str]) -> str:
    return made[1]


@pytest.fixture
def folder(made: tuple[Path, str], tmp_path: Path) -> Path:
    """A closed copy of the desk."""
    return Path(shutil.copytree(made[0], tmp_path / "desk"))


@pytest.fixture
def reopen(folder: Path) -> Callable[..., Desk]:
    """Opens the copy, or another folder, as on another day."""

    def again(at: Path = folder, passphrase: str = PASSPHRASE, **more: Any) -> Desk:
        return open_desk(at, passphrase, author="周敏", clock=lambda: NOW, **more)

    return again


@pytest.fixture
def desk(reopen: Callable[..., Desk]) -> Iterator[Desk]:
    with reopen() as opened:
        yield opened


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place
