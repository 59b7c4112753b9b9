"""PDFium, one thread at a time: the library is not made for several, and its calls let go of Python's own lock.

The window draws a preview while a worker reads the next paper back; both go through here. Whatever is opened is closed
here too, at the latest when the program ends, because PDFium complains of files that outlive it.
"""

from __future__ import annotations

import atexit
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pypdfium2

T = TypeVar("T")

WHITE = (255, 255, 255, 255)
PdfiumError = pypdfium2.PdfiumError

_turn = threading.RLock()
_open: weakref.WeakSet[Document] = weakref.WeakSet()


class Document:
    """An open PDF. Close it, or use it in a ``with``; raises PdfiumError for what is none."""

    def __init__(self, source: bytes | Path) -> None:
        with _turn:
            self._document = pypdfium2.PdfDocument(source)
            _open.add(self)

    def __len__(self) -> int:
        with _turn:
            return len(self._document)

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page (from 0) in points."""
        with _turn:
            width, height = self._document.get_page_size(number)
            return width, height

    def titles(self) -> list[str]:
        """The entries of the outline."""
        with _turn:
            return [str(entry.get_title()) for entry in self._document.get_toc()]

    def picture(self, number: int, scale: float, read: Callable[[Any], T], **look: Any) -> T:
        """What ``read`` makes of the drawn page (a bitmap of pypdfium2), ``scale`` pixels a point.

        The bitmap is gone afterwards: ``read`` copies what it wants to keep.
        """
        with self._page(number) as page:
            bitmap = page.render(scale=scale, fill_color=WHITE, **look)
            try:
                return read(bitmap)
            finally:
                bitmap.close()

    def text(self, number: int, read: Callable[[Any], T]) -> T:
        """What ``read`` makes of the text of a page (a text page of the C library)."""
        with self._page(number) as page:
            text = page.get_textpage()
            try:
                return read(text.raw)
            finally:
                text.close()

    def close(self) -> None:
        """Give the memory back; closing twice does no harm."""
        with _turn:
            self._document.close()
            _open.discard(self)

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        with _turn:
            page = self._document[number]
            try:
                yield page
            finally:
                page.close()


@atexit.register  # runs before the library itself ends, which was loaded earlier
def _close_all() -> None:
    for document in list(_open):
        document.close()
