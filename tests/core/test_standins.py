"""A module stood in for is the real one for whoever asks it for something, and is loaded for nobody else."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from villagedesk.standins import StandIn, stand_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package that nobody has imported: it keeps count of its loading, and has a part of its own."""
    name = "villagedesk_example_stood_in_for"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "import builtins\nbuiltins.loadings = getattr(builtins, 'loadings', 0) + 1\n"
        "class Kept(Exception):\n    pass\n"
        "def doubled(n):\n    return 2 * n\n"
        "answer = 42\n"
    )
    (folder / "part.py").write_text("word = 'part'\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for loaded in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[loaded]
    vars(__import__("builtins")).pop("loadings", None)


def _loadings() -> int:
    return int(vars(__import__("builtins")).get("loadings", 0))


def test_importing_loads_nothing_and_the_first_name_loads_the_real_module(module: str) -> None:
    stand_in(module)
    imported = importlib.import_module(module)
    assert isinstance(imported, StandIn)
    assert _loadings() == 0
    assert (imported.answer, imported.answer, _loadings()) == (42, 42, 1)
    real = importlib.import_module(module)
    assert not isinstance(real, StandIn)
    assert imported.Kept is real.Kept  # so that what one raises the other catches
    with pytest.raises(AttributeError):
        _ = imported.nothing


def test_names_taken_by_an_import_are_those_of_the_real_module(module: str) -> None:
    stand_in(module)
    scope: dict[str, object] = {}
    exec(f"from {module} import answer\nfrom {module}.part import word\nimport {module}.part as part", scope)
    assert (scope["answer"], scope["word"]) == (42, "part")
    assert _loadings() == 1


def test_a_function_named_beforehand_is_taken_without_loading_and_loads_when_called(module: str) -> None:
    stand_in(module, "doubled")
    doubled = importlib.import_module(module).doubled
    assert _loadings() == 0
    assert doubled(21) == 42
    assert _loadings() == 1


def test_threads_that_ask_together_get_one_module(module: str) -> None:
    stand_in(module)
    imported = importlib.import_module(module)
    start, found = threading.Barrier(8), list[object]()

    def ask() -> None:
        start.wait()
        found.append(imported.Kept)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert _loadings() == 1


def test_what_is_loaded_already_stays(module: str) -> None:
    real = importlib.import_module(module)
    stand_in(module)
    assert importlib.import_module(module) is real


def test_the_core_loads_no_event_loop_and_whoever_wants_one_gets_it() -> None:
    program = (
        "import sys, villagedesk.desk\n"
        "assert not {'_ssl', 'asyncio.events', 'email', 'pyrage.pyrage'} & set(sys.modules)\n"
        "import asyncio\n"
        "async def answer():\n"
        "    await asyncio.sleep(0)\n"
        "    return 42\n"
        "from sqlalchemy.util import concurrency\n"
        "waiting = answer()\n"
        "assert concurrency.iscoroutine(waiting) and not concurrency.iscoroutine(3)\n"
        "assert asyncio.run(waiting) == 42\n"
        "from importlib import metadata\n"
        "assert metadata.version('sqlalchemy')\n"
        "import pyrage\n"
        "assert str(pyrage.x25519.Identity.generate().to_public()).startswith('age1')\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
