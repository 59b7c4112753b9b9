"""Updates by stick: what is believed, what is refused, and the copy of a desk before a new version opens it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fresh.told import Stop
from hypothesis import given
from hypothesis import strategies as st
from release import update as maker

from villagedesk import update
from villagedesk.cli import main
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.store import place

INSTALLER = bytes(range(256)) * 40
HERE = "linux-x86_64"
SEED = b"\x07" * 32
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()


def package(folder: Path, version: str = "0.2.0", seed: bytes = SEED) -> Path:
    installer, secret = folder / f"villagedesk_{version}_amd64.deb", folder / "secret"
    installer.write_bytes(INSTALLER)
    secret.write_text(seed.hex())
    return maker.pack(installer, secret, target=folder / f"u-{version}.vdupdate", of=version)


def look(file: Path, **more: str) -> update.Offer:
    return update.look_into(file, **{"machine": HERE, "running": "0.1.0", **more}, key=PUBLIC)


def test_a_signed_newer_update_is_taken_out_byte_for_byte(tmp_path):
    file = package(tmp_path)
    assert look(file).version == "0.2.0"
    out = tmp_path / "out"
    out.mkdir()
    taken = update.take_out(file, out, machine=HERE, key=PUBLIC, running="0.1.0")
    assert taken.name == "villagedesk_0.2.0_amd64.deb"
    assert taken.read_bytes() == INSTALLER


@pytest.mark.parametrize(("running", "word"), [("0.2.0", "已是版本"), ("0.10.0", "较旧"), ("1.0.0", "较旧")])
def test_what_is_not_newer_is_refused_kindly(tmp_path, running, word):
    with pytest.raises(Refused, match=word):
        look(package(tmp_path), running=running)


def test_an_update_for_another_machine_is_refused(tmp_path):
    with pytest.raises(Refused, match="linux-x86_64"):
        look(package(tmp_path), machine="windows-amd64")


def test_another_signer_is_not_believed(tmp_path):
    with pytest.raises(Unreadable, match="不要安装"):
        look(package(tmp_path, seed=b"\x08" * 32))


def test_the_built_in_key_does_not_accept_the_test_key(tmp_path):
    assert len(update.built_in_key()) == 32
    with pytest.raises(Unreadable, match="不要安装"):
        update.look_into(package(tmp_path), machine=HERE, running="0.1.0")


def test_only_the_other_half_of_the_built_in_key_signs_a_release(tmp_path, monkeypatch):
    secret, public = tmp_path / "secret", tmp_path / "public-key"
    monkeypatch.setattr(maker, "PUBLIC", public)
    public.write_text(f"ed25519 {PUBLIC.hex()}\n")
    secret.write_text(SEED.hex())
    maker.is_built_in(secret)
    for wrong in ((b"\x08" * 32).hex(), "no key"):
        secret.write_text(wrong)
        with pytest.raises(Stop, match="secret"):
            maker.is_built_in(secret)


def test_the_command_line_lays_out_what_is_genuine_and_says_why_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(update, "built_in_key", lambda: PUBLIC)
    monkeypatch.setattr(update, "this_machine", lambda: HERE)
    out = tmp_path / "out"
    out.mkdir()
    assert main(["update", str(package(tmp_path, "99.0.0")), str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out / "villagedesk_99.0.0_amd64.deb")
    for file, status, word in (
        (package(tmp_path, "0.0.9"), 1, "较旧"),
        (package(tmp_path, "98.0.0", seed=b"\x08" * 32), 3, "不要安装"),
    ):
        assert main(["update", str(file), str(out)]) == status
        assert word in capsys.readouterr().err
    assert [file.name for file in out.iterdir()] == ["villagedesk_99.0.0_amd64.deb"]


@given(place=st.integers(0, 1 << 20), bit=st.integers(0, 7), cut=st.booleans())
def test_every_changed_bit_and_every_cut_is_found(tmp_path_factory, place, bit, cut):
    file = package(tmp_path_factory.mktemp("update"))
    whole = file.read_bytes()
    at = place % len(whole)
    broken = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :]
    file.write_bytes(broken)
    with pytest.raises(Unreadable):
        look(file)
    out = file.parent / "out"
    out.mkdir()
    with pytest.raises(Unreadable):
        update.take_out(file, out, machine=HERE, key=PUBLIC, running="0.1.0")
    assert list(out.iterdir()) == []


def test_bytes_behind_the_installer_are_found(tmp_path):
    file = package(tmp_path)
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(Unreadable, match="损坏"):
        look(file)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "示范 desk"
    opened, _ = place.create(folder, place.DESK, "correct horse", "author")
    with opened.store.work("household.save", "test") as work:
        work.put("household", "0" * 12, {"no": "1"}, new_id="h1")
    opened.close()
    (folder / "attachments" / "ab").mkdir(parents=True)
    (folder / "attachments" / "ab" / "abcd").write_bytes(b"sealed")
    return folder


def revisions(folder: Path) -> int:
    opened = place.open_place(folder, "correct horse", "author")
    try:
        with opened.store.engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM revision").scalar_one())
    finally:
        opened.close()


def test_the_first_start_of_a_version_keeps_a_copy_that_opens(desk):
    kept = update.keep_before(desk, "0.2.0")
    assert kept == desk / "before-0.2.0"
    assert revisions(kept) == revisions(desk) > 0
    assert (kept / "attachments/ab/abcd").read_bytes() == b"sealed"


def test_later_starts_and_older_programs_copy_nothing(desk):
    update.keep_before(desk, "0.2.0")
    assert update.keep_before(desk, "0.2.0") is None
    assert update.keep_before(desk, "0.1.9") is None


def test_only_the_last_copy_is_kept(desk):
    update.keep_before(desk, "0.2.0")
    update.keep_before(desk, "0.10.0")
    assert [copy.name for copy in desk.glob("before-*")] == ["before-0.10.0"]


def test_a_copy_begun_and_not_finished_is_begun_again(desk, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(update, "_file", full)
        with pytest.raises(Unavailable):
            update.keep_before(desk, "0.2.0")
    assert not (desk / "program-version").exists()
    assert update.keep_before(desk, "0.2.0") is not None


def test_a_desk_in_use_is_not_copied(desk):
    opened = place.open_place(desk, "correct horse", "author")
    try:
        with pytest.raises(Unavailable):
            update.keep_before(desk, "0.2.0")
    finally:
        opened.close()


def test_a_folder_without_a_desk_is_left_alone(tmp_path):
    assert update.keep_before(tmp_path, "0.2.0") is None
    assert list(tmp_path.iterdir()) == []
