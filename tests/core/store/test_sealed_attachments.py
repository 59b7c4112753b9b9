"""Scans and photographs on the disk: unreadable without the desk's key, unchangeable with it."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villagedesk import text
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.store import sealed
from villagedesk.store.sealed import seal, sealed_path, unseal

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
SCAN = "签字页".encode() * 1000


@pytest.fixture(autouse=True)
def english(chinese: None) -> None:
    text.use("en")


@given(data=st.binary(max_size=5000))
def test_what_is_sealed_comes_back(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("attachments")
    digest = seal(folder, data, KEY)
    assert digest == hashlib.sha256(data).hexdigest()
    assert unseal(folder, digest, KEY) == data


def test_neither_name_nor_content_tells_anything(tmp_path):
    digest = seal(tmp_path, SCAN, KEY)
    path = sealed_path(tmp_path, digest, KEY)
    assert SCAN[:20] not in path.read_bytes()
    assert digest not in str(path)
    assert sealed_path(tmp_path, digest, OTHER_KEY).name != path.name
    with pytest.raises(Unreadable, match="is missing"):
        unseal(tmp_path, digest, OTHER_KEY)


def test_the_same_scan_twice_is_one_file(tmp_path):
    first = sealed_path(tmp_path, seal(tmp_path, SCAN, KEY), KEY).read_bytes()
    digest = seal(tmp_path, SCAN, KEY)
    assert sealed_path(tmp_path, digest, KEY).read_bytes() == first
    assert sum(1 for path in tmp_path.rglob("*") if path.is_file()) == 1


@given(seed=st.integers(0, 2**32))
def test_any_change_is_noticed_and_mended_by_the_paper(tmp_path_factory, seed):
    folder, chance = tmp_path_factory.mktemp("attachments"), random.Random(seed)
    digest = seal(folder, SCAN, KEY)
    path = sealed_path(folder, digest, KEY)
    data = bytearray(path.read_bytes())
    if chance.random() < 0.5:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    else:
        del data[chance.randrange(len(data)) :]
    path.write_bytes(bytes(data))
    with pytest.raises(Unreadable, match="is damaged"):
        unseal(folder, digest, KEY)
    assert unseal(folder, seal(folder, SCAN, KEY), KEY) == SCAN


def test_one_attachment_does_not_pass_for_another(tmp_path):
    one, two = seal(tmp_path, b"one", KEY), seal(tmp_path, b"two", KEY)
    sealed_path(tmp_path, one, KEY).write_bytes(sealed_path(tmp_path, two, KEY).read_bytes())
    with pytest.raises(Unreadable, match="is damaged"):
        unseal(tmp_path, one, KEY)


def test_a_file_too_large_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(sealed, "LARGEST", 10)
    seal(tmp_path, bytes(10), KEY)
    with pytest.raises(Refused, match="lower resolution"):
        seal(tmp_path, bytes(11), KEY)


def test_a_full_or_locked_disk_is_named(tmp_path, monkeypatch):
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", full)
        with pytest.raises(Unavailable, match="no room left"):
            seal(tmp_path, SCAN, KEY)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(Unavailable, match="no room left"):
            seal(tmp_path, SCAN, KEY)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    digest = seal(tmp_path, SCAN, KEY)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(Unavailable, match="cannot be opened just now"):
            unseal(tmp_path, digest, KEY)
