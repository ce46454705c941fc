"""A pjsua2 callback that raises takes the process down with it; this keeps what it raises on our side."""

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

_log = logging.getLogger(__name__)
P = ParamSpec("P")


def contained(callback: Callable[P, None]) -> Callable[P, None]:
    """`callback`, with any exception logged instead of crossing into C++."""

    @functools.wraps(callback)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception:  # noqa: BLE001 - whatever it is, C++ must not see it
            _log.error("%s failed", callback.__qualname__, exc_info=True)

    return call
