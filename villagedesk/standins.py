"""Modules that stand in for others until somebody asks those for something.

Libraries import what few of their users need: SQLAlchemy the event loop and the list of installed packages, which
bring TLS and mail headers, a fifth of its own import and 5 MB of the open window. Which modules are stood in for says
``villagedesk/__init__.py``. Whoever wants one gets it: the first name asked for loads the real module, and from then
on an import finds that one.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

_swapping = threading.Lock()


class StandIn(ModuleType):
    """Answers for the module of its name by what the real one says."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_real(self.__name__), name)


def stand_in(module: str, *functions: str) -> None:
    """Stand in for ``module``, unless it is loaded already.

    ``functions`` are those that an importer takes without calling them; only a call of one asks for something.
    """
    if module not in sys.modules:
        sys.modules[module] = made = StandIn(module)
        vars(made).update({name: _called_later(module, name) for name in functions})


def _called_later(module: str, name: str) -> Callable[..., Any]:
    def function(*given: Any, **named: Any) -> Any:
        return getattr(_real(module), name)(*given, **named)

    return function


def _real(module: str) -> ModuleType:
    with _swapping:
        if isinstance(sys.modules.get(module), StandIn):
            del sys.modules[module]
    return import_module(module)
