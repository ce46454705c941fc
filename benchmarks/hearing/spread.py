"""Work spread over two processes, in order, with its progress on stderr."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

Item = TypeVar("Item")
Result = TypeVar("Result")

_WAITING: Final = 3  # items handed out for each worker: enough to keep it busy, few enough to stay small in memory


def spread(
    work: Callable[[Item], Result], items: Iterable[Item], title: str, workers: int = 2
) -> Iterator[Result]:
    """What `work` makes of each item, in the items' order; one worker is this process itself.

    With more, `work` must be a module's function, and items and results must be picklable; items are made no
    faster than they are worked on.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)
        for result in _worked(work, items, workers):
            progress.advance(task)
            yield result


def _worked(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    if workers == 1:
        yield from map(work, items)
        return
    waiting: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= _WAITING * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
