"""Every part the installers carry is listed with its licence, and so is every locked library that a machine gets."""

from __future__ import annotations

import tomllib
from types import SimpleNamespace

import pytest
from release import licences as maker
from release import wheels

from villagedesk import licences, resources, text
from villagedesk.errors import Unreadable

AGAIN = "the lock changed: python3 packaging/installers.py licences"


def test_every_library_the_installers_carry_is_listed_in_its_locked_version():
    listed = {part.name: part.version for part in licences.parts()}
    own_name = {"pyside6-essentials": "PySide6"}
    carried = {own_name.get(name, name): version for name, version in maker.carried().items()}
    assert carried.items() <= listed.items(), AGAIN


def test_what_is_listed_is_still_carried():
    known = {*maker.carried(), *(part["name"] for part in maker.OWN["part"])}
    strange = [part.name for part in licences.parts() if part.name not in known and "VillageDesk" not in part.name]
    assert not strange, AGAIN


def test_every_font_of_ours_is_listed():
    fonts = tomllib.loads(resources.path("fonts", "fonts.toml").read_text("utf-8")).values()
    families = {font["family"] for font in fonts if "family" in font}
    assert families <= {part.name for part in licences.parts()}, AGAIN


def test_every_text_is_there():
    for part in licences.parts():
        assert part.licence, part.name
        assert len(licences.text_of(part)) > 200, part.name


def test_qt_is_announced_as_the_lgpl_asks():
    qt = next(part for part in licences.parts() if part.name == "Qt")
    assert qt.version in qt.notice
    for word in ("GNU Lesser General Public License", "changed builds", "sources"):
        assert word in qt.notice
    text = licences.text_of(qt)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "GNU GENERAL PUBLIC LICENSE" in text


@pytest.mark.parametrize("damage", ["", "part = 3", '[[part]]\nname = "x"', "\x00"])
def test_a_damaged_list_is_told(tmp_path, monkeypatch, damage):
    (tmp_path / "index.toml").write_text(damage)
    monkeypatch.setattr(licences, "resources", SimpleNamespace(path=lambda *parts: tmp_path / parts[-1]))
    licences.parts.cache_clear()
    try:
        with pytest.raises(Unreadable, match="重新安装"):
            licences.parts()
    finally:
        licences.parts.cache_clear()


@pytest.mark.parametrize("target", wheels.TARGETS.values(), ids=str)
def test_a_wheelhouse_that_lacks_one_file_is_not_complete(target):
    names = [f"{name.replace('-', '_')}-{version}-py3-none-any.whl" for name, version in wheels.wanted(target).items()]
    assert wheels.lacking(target, names) == []
    name, version = next(iter(wheels.wanted(target).items()))
    assert wheels.lacking(target, names[1:]) == [f"{name}=={version}"]
    newer = [names[0].replace(version, "99.9"), *names[1:]]
    assert wheels.lacking(target, newer) == [f"{name}=={version}"]


def test_the_lock_is_read_for_the_machine_asked_about():
    windows, linux = (wheels.wanted(wheels.TARGETS[name]) for name in ("windows", "linux-x86_64"))
    assert {"tzdata"} <= windows.keys()
    assert "tzdata" not in linux
    assert "pyside6-essentials" in windows.keys() & linux.keys()


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_what_must_be_told_is_told_in_the_language_of_the_window(language: str) -> None:
    text.use(language)
    try:
        for part in licences.parts():
            said = licences.told(part)
            if language == "en":
                assert said == part.notice
            elif part.notice:
                assert any("\u4e00" <= sign <= "\u9fff" for sign in said), part.name
    finally:
        text.use(text.DEFAULT_LANGUAGE)
