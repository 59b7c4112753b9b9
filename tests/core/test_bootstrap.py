"""The set-up of a fresh machine, as far as it can be shown without one; packaging/chroot-check.sh shows the rest."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import lock
import pytest
from fresh import commands, debs, python, qt
from fresh.told import Stop
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BOOTSTRAP = ROOT / "packaging" / "bootstrap.py"
SIMULATION = """NOTE: This is only a simulation!
Inst libglib2.0-0t64 (2.80.0-6ubuntu3 Ubuntu:24.04/noble [amd64])
Inst libc6 [2.39-0ubuntu8] (2.39-0ubuntu8.4 Ubuntu:24.04/noble [amd64])
Inst libllvm17t64 (1:17.0.6-9ubuntu1 Ubuntu:24.04/noble [amd64])
Conf libglib2.0-0t64 (2.80.0-6ubuntu3 Ubuntu:24.04/noble [amd64])
"""


def locked(purpose: str) -> dict[str, str]:
    """Library → version, as the locks say."""
    lines = "".join(file.read_text() for file in python.locks(purpose))
    return {canonicalize_name(name): version for name, version in re.findall(r"^(\S+)==(\S+)", lines, re.MULTILINE)}


def wanted(lines: list[str]) -> list[Requirement]:
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(
    ("purpose", "lines"),
    [
        ("run", PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["hub"]),
        ("test", PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_the_locks_answer_every_dependency(purpose, lines):
    have = locked(purpose)
    for need in wanted(lines):
        version = have.get(canonicalize_name(need.name))
        assert version, f"{need} is not locked: make lock"
        assert need.specifier.contains(version), f"{need} is locked to {version}: make lock"


def test_every_locked_library_has_hashes_and_no_address():
    for file in python.locks("test"):
        text = file.read_text()
        assert len(re.findall(r"^\S+==", text, re.MULTILINE)) == len(
            re.findall(r"\\\n +--hash=sha256:.*(?=\n\S|\n\Z)", text)
        )
        assert "://" not in text
        assert "index" not in text


def test_the_binding_is_locked_below_the_unsound_version():
    assert tuple(map(int, locked("run")["pyside6-essentials"].split("."))) < (6, 12)


def test_what_the_program_imports_is_a_dependency_of_its_own():
    declared = {
        canonicalize_name(need.name)
        for need in wanted(PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["hub"])
    }
    sold_as = packages_distributions()
    stray = {}
    for folder in ("villagedesk", "ui"):
        for file in (ROOT / folder).rglob("*.py"):
            for name in {*imports(file)} - sys.stdlib_module_names - {"villagedesk", "ui"}:
                distributions = {canonicalize_name(distribution) for distribution in sold_as.get(name, [name])}
                if not distributions & declared and not distributions & {"shiboken6"}:
                    stray.setdefault(name, str(file.relative_to(ROOT)))
    assert not stray, "add these to the dependencies in pyproject.toml, then: make lock"


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_an_old_python_can_read_the_first_file():
    ast.parse(BOOTSTRAP.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_word_it_does_not_know_prints_the_usage():
    run = subprocess.run([sys.executable, BOOTSTRAP, "dance"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "bootstrap.py run" in run.stdout


def test_a_refusal_is_one_line_without_a_traceback(monkeypatch, capsys):
    def refuse(words, usage):
        raise Stop("没有网络", "No network")

    monkeypatch.setattr(commands, "carry_out", refuse)
    assert commands.main(["run"], "") == 4
    assert capsys.readouterr().err == "没有网络 / No network\n"


def test_without_a_screen_the_demonstration_leaves_a_picture():
    assert commands.demonstration(window=True)[-1] == "--open"
    assert commands.demonstration(window=False)[-2:] == ["--screenshot", str(ROOT / "demo-village/main-window.png")]


def test_a_changed_lock_makes_the_environment_stale(tmp_path):
    file = tmp_path / "requirements.lock"
    file.write_text("a==1\n")
    before = python.fingerprint([file])
    file.write_text("a==2\n")
    assert python.fingerprint([file]) != before


def test_an_environment_without_its_stamp_is_not_ready(tmp_path):
    python.make(tmp_path / "venv")
    assert not python.ready("run", tmp_path / "venv")
    (tmp_path / "venv" / "ready-run").write_text(python.fingerprint(python.locks("run")))
    assert python.ready("run", tmp_path / "venv")


def test_a_broken_environment_is_made_anew(tmp_path):
    place = tmp_path / "venv"
    place.mkdir()
    (place / "half-made").touch()
    python.make(place)
    assert python.interpreter(place).exists()
    assert not (place / "half-made").exists()


def test_libraries_come_from_the_stick_where_one_lies_beside(tmp_path, monkeypatch):
    monkeypatch.setattr(python, "STICK", tmp_path / "wheels")
    assert "--no-index" not in python.command([])
    (tmp_path / "wheels").mkdir()
    assert "--no-index" not in python.command([])  # an empty folder serves nothing
    (tmp_path / "wheels" / "a.whl").touch()
    assert python.command([])[-3:] == ["--no-index", "--find-links", str(tmp_path / "wheels")]


def test_apt_is_asked_for_new_packages_only_and_without_3d_drivers():
    names = qt.new_packages(SIMULATION)
    assert names == ["libglib2.0-0t64", "libllvm17t64"]
    assert [name for name in names if not qt.NOT_USED.search(name)] == ["libglib2.0-0t64"]


def test_missing_libraries_are_told_as_the_line_to_type(monkeypatch):
    monkeypatch.setattr(qt, "missing", lambda window: ["libegl1", "libgl1"])
    monkeypatch.setattr(qt.shutil, "which", lambda name: None)
    with pytest.raises(Stop, match="sudo apt-get install -y libegl1 libgl1"):
        qt.ensure(window=False)


def test_unpacked_libraries_are_put_before_those_of_the_system(tmp_path, monkeypatch):
    monkeypatch.setattr(qt, "SYSLIBS", tmp_path)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    folder = tmp_path / "usr/lib/x86_64-linux-gnu"
    folder.mkdir(parents=True)
    (folder / "libGL.so.1").touch()
    assert qt.surroundings()["LD_LIBRARY_PATH"] == f"{folder}:/opt/lib"


def test_a_library_that_cannot_be_loaded_is_missing(monkeypatch):
    monkeypatch.setattr(qt, "ALWAYS", {"libc.so.6": "libc6", "libnobody-has-this.so.9": "libnobody9"})
    assert qt.missing(window=False) == ["libnobody9"]


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], []),
        (["--upgrade"], ["--upgrade"]),
        (["--upgrade", "ruff", "mypy"], ["--upgrade-package", "ruff", "--upgrade-package", "mypy"]),
    ],
)
def test_a_lock_is_renewed_as_far_as_asked(words, options):
    assert lock.upgrades(words) == options


def test_only_the_libraries_of_the_screen_that_is_there_are_needed(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    assert "libxcb-cursor.so.0" not in qt.needed(window=True)
    assert "libwayland-client.so.0" in qt.needed(window=True)
    monkeypatch.setenv("DISPLAY", ":0")
    assert "libxcb-cursor.so.0" in qt.needed(window=True)
    assert "libwayland-client.so.0" not in qt.needed(window=True)
    assert set(qt.needed(window=False)) < set(qt.needed(window=True))


def test_the_program_is_found_in_a_folder_with_a_chinese_name_whatever_the_locale(tmp_path, monkeypatch):
    root = tmp_path / "村 工作"
    environment = root / ".venv"
    python.make(environment)
    monkeypatch.setattr(python, "ROOT", root)
    monkeypatch.setattr(python, "ENVIRONMENT", environment)
    (root / "villagedesk.py").write_text("print('found')\n")
    libraries = python.libraries(environment)
    monkeypatch.setattr(python, "libraries", lambda: libraries)
    python.link()
    run = subprocess.run(
        [python.interpreter(environment), "-c", "import villagedesk"],
        cwd=tmp_path,
        env={"LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "found\n", run.stderr


def test_a_container_without_a_machine_id_is_no_reason_to_abort(monkeypatch):
    """Libdbus aborts the whole process there as soon as an input method asks for a bus; seen in a bare chroot."""
    monkeypatch.delenv("DBUS_FATAL_WARNINGS", raising=False)
    monkeypatch.setattr(qt, "MACHINE_IDS", ("/nowhere/machine-id",))
    assert qt.surroundings()["DBUS_FATAL_WARNINGS"] == "0"
    monkeypatch.setattr(qt, "MACHINE_IDS", (__file__,))
    assert "DBUS_FATAL_WARNINGS" not in qt.surroundings()


def test_packages_of_the_tests_are_installed_as_root_and_named_otherwise(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(debs, "TESTED_WITH", {"here": "/etc/passwd", "gone": "/nowhere/*/initdb"})
    monkeypatch.setattr(debs.qt, "missing_of", lambda _: [])
    monkeypatch.setattr(debs.shutil, "which", lambda name: name)
    monkeypatch.setattr(debs.os, "geteuid", lambda: 0)
    monkeypatch.setattr(debs.qt, "install", lambda rights, packages: asked.append((rights, packages)))
    debs.ensure()
    assert asked == [([], ["gone"])]
    assert "apt-get install -y --no-install-recommends gone" in capsys.readouterr().out
    monkeypatch.setattr(debs.os, "geteuid", lambda: 1000)
    debs.ensure()
    assert len(asked) == 1
    monkeypatch.setattr(debs, "TESTED_WITH", {"here": "/etc/passwd"})
    debs.ensure()
    assert len(asked) == 1
