"""A finished paper to look at, to print or to save: one version, or the one that was signed beside the one of now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from ui.page import label, resize_dialog
from ui.pdfview import PdfView
from villagedesk.text import tr

if TYPE_CHECKING:
    from ui.papers.output import PaperOutput
    from villagedesk.services.frozen import Altered


class PaperDialog(QDialog):
    """``versions``: name and rendered paper. ``missing``: papers that are not in a pack, and why."""

    def __init__(
        self,
        title: str,
        versions: Sequence[tuple[str, Any]],
        altered: Sequence[Altered],
        output: PaperOutput,
        parent: QWidget | None = None,
        missing: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._title, self._output = title, output
        column = QVBoxLayout(self)
        said = [tr("{field}: then “{then}”, now “{now}”", field=e.field, then=e.then, now=e.now) for e in altered[:6]]
        said += [tr("Not in the pack: {paper}. {why}", paper=paper, why=why) for paper, why in missing]
        if said:
            column.addWidget(label("\n".join(said), tone="warn", wrap=True))
        views = QHBoxLayout()
        for name, rendered in versions:
            views.addLayout(self._version(name, rendered, alone=len(versions) == 1))
        column.addLayout(views, 1)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        resize_dialog(self, (60 if len(versions) == 1 else 80), 46)

    def _version(self, name: str, rendered: Any, *, alone: bool) -> QVBoxLayout:
        view = PdfView()
        view.show_pdf(rendered.pdf)
        view.print_wanted.connect(lambda: self._output.print(rendered.pdf, rendered.pages))
        view.save_wanted.connect(lambda: self._output.save(rendered.pdf, self._title))
        column = QVBoxLayout()
        if not alone:
            column.addWidget(label(name, "heading"))
        column.addWidget(view, 1)
        return column
