"""The two layers around a package, zstd inside age, as streams: memory stays the same however long the file is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import Queue
from threading import Thread
from typing import IO, cast

import pyrage
import zstandard

from villagedesk.errors import Unreadable
from villagedesk.sync import limits
from villagedesk.text import say

_BESIDE = zstandard.ZstdCompressionParameters.from_level(
    2,  # measured: 3 saves two bytes in a hundred and takes twice the time, higher ones far more
    min_match=7,  # what repeats in lines is long; fewer bytes in less time than with six
    overlap_log=8,  # pieces are compressed beside one another, and each knows half a window of the one before
    threads=2,  # beside reading the store and encrypting
    write_checksum=True,
)
_AGE_HEADER = 16 << 10
_QUEUED = 64


class Stopped(Exception):
    """Tells the decrypting thread that nobody reads on."""


def seal(chunks: Iterable[bytes], recipients: Sequence[str], sink: IO[bytes]) -> None:
    """Compress and encrypt ``chunks`` to every ``age1…`` recipient; whatever ``chunks`` raises comes out unchanged."""
    pump = _Pump(_compressed(chunks), sink)
    addresses = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    try:
        pyrage.encrypt_io(pump, pump, addresses)
    finally:
        if pump.failure is not None:  # the library passes only words on, and nothing at all of its very last write
            raise pump.failure from None


def _compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zstandard.ZstdCompressor(compression_params=_BESIDE).compressobj()
    for chunk in chunks:
        yield compressor.compress(chunk)
    yield compressor.flush()


class _Pump:
    """Both ends of the encryption; keeps what failed, because the library passes only its words on."""

    def __init__(self, chunks: Iterator[bytes], sink: IO[bytes]) -> None:
        self.failure: BaseException | None = None
        self._chunks = chunks
        self._sink = sink
        self._left = memoryview(b"")

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes to encrypt; none at the end."""
        try:
            while not self._left:
                self._left = memoryview(next(self._chunks))
        except StopIteration:
            return b""
        except BaseException as failure:
            self.failure = failure
            raise
        piece, self._left = self._left[:size], self._left[size:]
        return bytes(piece)

    def write(self, data: bytes) -> int:
        """Take encrypted bytes."""
        try:
            return self._sink.write(data)
        except OSError as failure:
            self.failure = failure
            raise

    def flush(self) -> None:
        """Nothing waits here."""


class Unsealed:
    """The package inside an age file, read piece by piece.

    The library pushes decrypted bytes, a reader pulls them, so decryption runs on a thread of its own with a short
    queue between. Close it, or the thread waits for ever.
    """

    def __init__(self, source: IO[bytes], identity: str, taken: Callable[[int], None]) -> None:
        _check_recipients(source)
        self._taken = taken
        self._queue: Queue[bytes | Exception | None] = Queue(_QUEUED)
        self._ended = False
        self._stopped = False
        self._thread = Thread(target=self._decrypt, args=(source, identity), daemon=True)
        self._thread.start()
        decompressor = zstandard.ZstdDecompressor(max_window_size=limits.WINDOW)
        self._pulled = _Pulled(self._next)
        self._plain = decompressor.stream_reader(
            cast("IO[bytes]", self._pulled), read_across_frames=True, closefd=False
        )

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes of the package; none at its end. Raises Unreadable when a layer is damaged."""
        try:
            return self._plain.read(size)
        except zstandard.ZstdError as error:
            raise Unreadable(say("The inside of this file cannot be unpacked. Ask the sender for it again.")) from error

    def close(self) -> None:
        """End the thread."""
        self._stopped = True
        while not self._ended:
            self._ended = not isinstance(self._queue.get(), bytes)
        self._thread.join()
        self._pulled.let_go()  # the collector does not see into the library: this circle would stay for ever

    def _decrypt(self, source: IO[bytes], identity: str) -> None:
        outcome: Exception | None = None
        try:
            pyrage.decrypt_io(source, _Pushed(self._push), [pyrage.x25519.Identity.from_str(identity)])
        except (pyrage.DecryptError, OSError, Stopped) as error:
            outcome = error
        self._queue.put(outcome)

    def _push(self, data: bytes) -> None:
        if self._stopped:
            raise Stopped
        self._queue.put(data)

    def _next(self) -> bytes:
        if self._ended:
            return b""
        item = self._queue.get()
        if isinstance(item, bytes):
            self._taken(len(item))
            return item
        self._ended = True
        if item is not None:
            raise Unreadable(_NOT_OPENED) from item
        return b""


_NOT_OPENED = say("This file cannot be decrypted: it was damaged or made with other keys. Ask the sender for it again.")


def _check_recipients(source: IO[bytes]) -> None:
    """Each recipient named costs a key exchange, so their list must end soon."""
    start = source.tell()
    head = source.read(_AGE_HEADER)
    source.seek(start)
    if b"\n--- " not in head:
        raise Unreadable(_NOT_OPENED)


class _Pulled:
    """A function as something to read from; it gives any number of bytes, so what is over waits."""

    def __init__(self, pull: Callable[[], bytes]) -> None:
        self._pull = pull
        self._left = b""

    def let_go(self) -> None:
        """Forget the function; from now on there is nothing to read."""
        self._pull = bytes

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes."""
        data = self._left or self._pull()
        self._left = data[size:] if size >= 0 else b""
        return data[:size] if size >= 0 else data


class _Pushed:
    """A function as something to write to."""

    def __init__(self, push: Callable[[bytes], None]) -> None:
        self._push = push

    def write(self, data: bytes) -> int:
        """Take decrypted bytes."""
        self._push(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""
