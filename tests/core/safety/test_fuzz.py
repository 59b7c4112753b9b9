"""A short run of ``python -m tests.reliability.fuzz``, and what its long runs found once."""

from __future__ import annotations

import gc
import io
import random
import struct
import weakref

import pytest
from PIL import Image

from tests.reliability.mutate import spoil, spoil_png, spoil_zip
from tests.reliability.parsers import Parser, all_parsers
from villagedesk.errors import Unreadable, VillageDeskError
from villagedesk.services.scan_pages import open_pages
from villagedesk.sync.keys import HubKey
from villagedesk.sync.stream import Unsealed, seal

INPUTS = 60


@pytest.fixture(scope="module")
def parsers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Parser]:
    return dict(all_parsers(tmp_path_factory.mktemp("fuzz")))


@pytest.mark.filterwarnings("ignore")
def test_every_reader_answers_or_refuses_in_words(parsers, caplog):
    assert len(parsers) >= 18
    for name, parser in parsers.items():
        chance = random.Random(name)
        for seed in parser.seeds[:1]:
            parser.read(seed)
        refused = 0
        for number in range(INPUTS):
            data = parser.spoil(chance.choice(parser.seeds), chance, parser.seeds)
            try:
                parser.read(data)
            except VillageDeskError:
                refused += 1
            except Exception as error:  # whatever else a reader raises is the finding
                raise AssertionError(f"{name}, input {number}: {data[:200]!r}") from error
        assert refused > 0, name


@pytest.mark.parametrize("way", [spoil, spoil_zip, spoil_png])
def test_spoiling_spoils_and_is_repeatable(parsers, way):
    seeds = parsers["roster .xlsx" if way is spoil_zip else "picture"].seeds
    made = [way(seeds[0], random.Random(number), seeds) for number in range(40)]
    assert made == [way(seeds[0], random.Random(number), seeds) for number in range(40)]
    assert sum(data != seeds[0] for data in made) > 30


def test_a_file_that_was_read_leaves_nothing_behind():
    """It kept a megabyte of every file: a circle through the library that the collector cannot see."""
    hub, payload = HubKey.generate("hub-1"), io.BytesIO()
    seal([b"x" * 1000], [hub.recipient], payload)
    payload.seek(0)
    reader = Unsealed(payload, hub.identity, lambda size: None)
    assert reader.read(10) == b"x" * 10
    left = weakref.ref(reader)
    reader.close()
    del reader
    gc.collect()
    assert left() is None


@pytest.mark.parametrize("error", [TypeError, IndexError, ZeroDivisionError, struct.error, SyntaxError, EOFError])
def test_whatever_the_picture_library_lets_out_is_a_refusal(tmp_path, monkeypatch, error):
    def spoilt(*args: object, **named: object) -> None:
        raise error("unsupported operand")

    file = tmp_path / "scan.tif"
    file.write_bytes(b"II*\0")
    monkeypatch.setattr(Image, "open", spoilt)
    with pytest.raises(Unreadable):
        list(open_pages(file))
