"""Records and tickets put together as a gateway has them: what the one tells the other comes by one thread."""

from collections.abc import Callable, Sequence
from functools import partial
from queue import Empty, SimpleQueue

from gateway.call.facts import Notice
from gateway.records import CallRecord, Records, RecordsConfig
from gateway.tickets import TicketBook, TicketsConfig


class Hotline:
    """Used by one thread, which is the gateway's event loop."""

    def __init__(self, config: RecordsConfig) -> None:
        self._told: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.records = Records(config, recovered=self._recovered, ended=self._ended)
        self.tickets = TicketBook(TicketsConfig(config, ("801", "802")))

    def start(self) -> None:
        self.records.start()
        self.tickets.start()
        self.turn()

    def receive(self, notice: Notice) -> None:
        for listener in (self.records, self.tickets):
            listener.receive(notice)

    def turn(self) -> None:
        """What was told meanwhile is heard."""
        while True:
            try:
                self._told.get_nowait()()
            except Empty:
                return

    def stop(self) -> None:
        self.records.stop()
        self.turn()
        self.tickets.stop()

    def _recovered(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            self._told.put(partial(self.tickets.receive, notice))
        self._on_record({str(notice.call) for notice in notices})

    def _ended(self, records: Sequence[CallRecord]) -> None:
        self._on_record({record.call for record in records})

    def _on_record(self, calls: set[str]) -> None:
        for call in calls:
            self._told.put(partial(self.tickets.on_record, call))
