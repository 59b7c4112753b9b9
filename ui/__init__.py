"""The window."""

import builtins

_plain_import = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401  brings a hook into every later import

# The hook serves `from __feature__ import …`, which nobody here writes. For it PySide6 reads the source of every module
# imported from then on and keeps it: 17 MB, and a tenth of the way to the first page.
builtins.__import__ = _plain_import
