"""The live desk lies on the computer's own disk; sticks and shares are refused in words."""

from __future__ import annotations

import pytest

from tests.core.safety.conftest import PASSPHRASE
from villagedesk.desk import create_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import Refused
from villagedesk.store import disks


@pytest.fixture
def mounted(tmp_path, monkeypatch):
    """A machine with these mounts, and these removable disks."""

    def become(lines, removable=()):
        table = tmp_path / "mounts"
        table.write_text("\n".join(lines))
        monkeypatch.setattr(disks, "_MOUNTS", table)
        blocks = tmp_path / "blocks"
        for disk in ("sda", "sdb"):
            (blocks / disk / f"{disk}1").mkdir(parents=True)
            (blocks / disk / "removable").write_text("1\n" if disk in removable else "0\n")
            (blocks / f"{disk}1").symlink_to(blocks / disk / f"{disk}1")
        monkeypatch.setattr(disks, "_BLOCKS", blocks)

    return become


@pytest.mark.parametrize(
    ("system", "source", "kind"),
    [
        ("ext4", "/dev/sda1", "own"), ("ext4", "/dev/sdb1", "stick"), ("vfat", "/dev/sda1", "stick"),
        ("exfat", "/dev/sda1", "stick"), ("nfs4", "server:/home", "network"), ("cifs", "//server/share", "network"),
        ("tmpfs", "tmpfs", "own"),
    ],
)  # fmt: skip
def test_the_nearest_mount_decides(mounted, tmp_path, system, source, kind):
    place = str(tmp_path / "U 盘").replace(" ", "\\040")
    (tmp_path / "U 盘").mkdir()
    mounted(["/dev/sda1 / ext4 rw 0 0", f"{source} {place} {system} rw 0 0"], removable=("sdb",))
    assert disks.kind_of(tmp_path / "U 盘" / "not yet" / "there") == kind
    assert disks.kind_of(tmp_path) == "own"


def test_what_cannot_be_told_counts_as_own(tmp_path, monkeypatch):
    monkeypatch.setattr(disks, "_MOUNTS", tmp_path / "none")
    assert disks.kind_of(tmp_path) == "own"


def test_a_desk_on_a_share_is_neither_made_nor_opened(mounted, folder, reopen, tmp_path):
    mounted(["/dev/sda1 / ext4 rw 0 0", f"server:/home {tmp_path} nfs4 rw 0 0"])
    with pytest.raises(Refused, match="network"):
        reopen()
    with pytest.raises(Refused, match="network"):
        create_desk(tmp_path / "new", PASSPHRASE, VillageDraft(code="321324111213", profile="jiangsu-2018"))
    assert not (tmp_path / "new").exists()
