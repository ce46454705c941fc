"""All metrics of one gateway, and how they are put into words for Prometheus."""

import logging
import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from prometheus_client import (
    CollectorRegistry,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    make_wsgi_app,
)

from drivers.line import LineNews
from gateway.call.facts import Notice
from gateway.metrics.counted import Counted
from gateway.metrics.seen import Seen, Standing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The page: its headers and its body."""

    headers: tuple[tuple[str, str], ...]
    body: bytes


class Metrics:
    """A Listener of facts with a registry of its own. `receive`, `line_event` and `look` belong to the event loop,
    `render` may run in a thread beside them."""

    def __init__(self, lines: Iterable[str], look: Callable[[], Seen], *, version: str, site: str) -> None:
        """`lines` are the ids of the customers' lines, `look` tells what stands now and is called on the event
        loop, at each scrape."""
        # The library's own switch, for the process: half as many series.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no annotation
        self.registry = CollectorRegistry()
        self._look = look
        self._counted = Counted(self.registry, lines)
        self._standing = Standing()
        self.registry.register(self._standing)
        build = Info(
            "sansheng_build", "The gateway: its version, its site and its Python.", registry=self.registry
        )
        build.info({"version": version, "site": site, "python": platform.python_version()})
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._page = make_wsgi_app(self.registry)

    def receive(self, notice: Notice) -> None:
        """Count a fact; never blocks, never raises."""
        try:
            self._counted.receive(notice)
        except Exception:  # a call must never suffer from its spectators
            log.exception("metrics: a %s was not counted", type(notice.fact).__name__)

    def line_event(self, line: str, event: LineNews) -> None:
        """Count what becomes of a line that has no customers: one of the desk's."""
        self._counted.line_event(line, event)

    def look(self) -> None:
        """See what stands now, for the next `render`."""
        self._standing.seen = replace(self._look(), last_call=self._counted.last_call)

    def render(self, query: str = "", accept: str = "", encoding: str = "") -> Rendered:
        """The page in the format and encoding that the scraper asks for: the request's query (`name[]` chooses
        metrics) and its Accept and Accept-Encoding headers. What it asks for and nobody can read is given as plain
        text."""
        try:
            return self._rendered(query, accept, encoding)
        except (TypeError, ValueError):  # the library takes the version of a format for numbers
            return self._rendered("", "", "")

    def _rendered(self, query: str, accept: str, encoding: str) -> Rendered:
        told: list[tuple[str, str]] = []

        def start(_status: str, headers: list[tuple[str, str]]) -> None:
            told.extend(headers)

        request = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/metrics",
            "QUERY_STRING": query,
            "HTTP_ACCEPT": accept,
            "HTTP_ACCEPT_ENCODING": encoding,
        }
        body = b"".join(self._page(request, start))
        return Rendered(tuple(told), body)
