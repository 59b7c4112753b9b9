"""PDFium is asked by one thread at a time, and nothing stays open when the program ends."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest

from villagedesk import pdfium
from villagedesk.documents.leaks import Guard, find_leaks
from villagedesk.documents.render import render

GUARD = Guard(allowed_phones=frozenset({"12317"}))


def test_the_window_may_draw_while_papers_are_read_back(samples, terms, monkeypatch):
    """PDFium itself mostly survives two at a time, and crashes on some other day; so the turns are counted."""
    inside, most = [0], [0]

    def counted(name):
        call = getattr(pypdfium2.PdfPage, name)

        def taken(*given, **more):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.002)
            try:
                return call(*given, **more)
            finally:
                inside[0] -= 1

        monkeypatch.setattr(pypdfium2.PdfPage, name, taken)

    counted("render")
    counted("get_textpage")
    pdf = render(samples["exit_notice"], terms).pdf
    told = find_leaks(pdf, GUARD)
    with pdfium.Document(pdf) as shown, ThreadPoolExecutor(4) as pool:
        wanted = shown.picture(0, 1.0, lambda bitmap: bytes(bitmap.buffer))
        drawn = [pool.submit(shown.picture, 0, 1.0, lambda bitmap: bytes(bitmap.buffer)) for _ in range(10)]
        read = [pool.submit(find_leaks, pdf, GUARD) for _ in range(10)]
        assert {each.result() for each in drawn} == {wanted}
        assert {each.result() for each in read} == {told}
    assert most == [1]


def test_what_is_open_at_the_end_is_closed_without_a_word(samples, terms, tmp_path):
    """With a finalizer older than the library, PDFium once complained of a file that outlived it."""
    file = tmp_path / "x.pdf"
    file.write_bytes(render(samples["card"], terms).pdf)
    script = (
        "import sys, weakref; weakref.finalize(sys, print); from villagedesk import pdfium; "
        "from pathlib import Path; x = pdfium.Document(Path(sys.argv[1]))"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)
    assert ended.stderr == ""


def test_what_is_no_pdf_is_said_so():
    with pytest.raises(pdfium.PdfiumError):
        pdfium.Document(b"nonsense")
