"""Files on their way into a township: each is opened, deciphered, checked and read while the one before is written.

A thread is enough: whoever writes mostly waits for a disk or a server, and the libraries that decipher and unpack do
it beside Python (decision 0077). One file lies ready at most, its first lines read, so memory stays what it was.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from villagedesk.errors import Unreadable, VillageDeskError
from villagedesk.store.ready import Line, batches
from villagedesk.sync.bundle import BundleHeader, Unproven, look_through, peek_header
from villagedesk.sync.keys import HubKey
from villagedesk.text import say
from villagedesk.values import collector_paused


@dataclass(frozen=True)
class Incoming:
    """A file as far as it can be judged without asking the store. Close it.

    ``header`` is None when the outside is that of no village's file. ``lines`` are there once, the first ones ready.
    """

    file: Path
    header: BundleHeader | None
    lines: Iterator[Sequence[Line]]
    _found: Unproven | VillageDeskError
    _opened: ExitStack

    @property
    def unproven(self) -> Unproven:
        """The file itself. Raises what is wrong with it whoever sent it."""
        if isinstance(self._found, VillageDeskError):
            raise self._found
        return self._found

    def close(self) -> None:
        """Let go of the private copy."""
        self._opened.close()


def read(file: Path, key: HubKey) -> Incoming:
    """Open a village's file and make its first lines ready; raises nothing that is the file's fault."""
    header = None
    with ExitStack() as opened:
        try:
            outside = peek_header(file)
            if outside.kind != "send":
                raise Unreadable(say("This is not a village's file for the township."))
            header = outside  # from here on the village hears of it
            unproven = opened.enter_context(closing(look_through(file, key)))
            lines = _first_ready(opened.enter_context(closing(unproven.lines())))
        except VillageDeskError as error:
            return Incoming(file, header, iter(()), error, ExitStack())
        return Incoming(file, header, lines, unproven, opened.pop_all())


@collector_paused()
def _first_ready(source: Iterator[bytes]) -> Iterator[Sequence[Line]]:
    coming = batches(source)
    first = next(coming, [])
    for line in first:
        line.make_ready()
    return chain([first], coming)


def each_ahead(files: Sequence[Path], key: HubKey) -> Generator[Incoming]:
    """The files in their order, each closed when the next is asked for; that one is read meanwhile."""
    with ThreadPoolExecutor(1, "ahead") as beside:
        waiting = [beside.submit(read, file, key) for file in files[:1]]
        try:
            for following in range(1, len(files) + 1):
                with closing(waiting.pop().result()) as incoming:
                    waiting += [beside.submit(read, file, key) for file in files[following : following + 1]]
                    yield incoming
        finally:
            for unasked in waiting:
                unasked.result().close()
