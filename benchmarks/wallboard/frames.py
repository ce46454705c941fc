"""How smooth a page is, measured in the page: the time from each frame to the next, and the long tasks."""

from dataclasses import dataclass

from playwright.async_api import CDPSession, Page

BEGIN = """() => {
  const told = (window.measured = {frames: [], tasks: [], on: true});
  new PerformanceObserver((list) => told.tasks.push(...list.getEntries().map((task) => task.duration)))
    .observe({type: "longtask"});
  let before = null;
  const frame = (at) => {
    if (before !== null) told.frames.push(at - before);
    before = at;
    if (told.on) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
END = "() => { window.measured.on = false; return window.measured; }"


@dataclass
class Frames:
    """Frame times and long tasks (over 50 ms: Long Tasks API), each in milliseconds."""

    times: list[float]
    tasks: list[float]

    def at(self, share: float) -> float:
        """The frame time that this share of all frames does not exceed."""
        return sorted(self.times)[min(int(len(self.times) * share), len(self.times) - 1)]

    def line(self) -> str:
        """For the table."""
        shares = " ".join(f"p{share * 100:.0f} {self.at(share):.1f}" for share in (0.5, 0.95, 0.99))
        tasks = f"{len(self.tasks)}, the longest {max(self.tasks):.0f} ms" if self.tasks else "none"
        return f"{len(self.times)} frames, ms: {shares} max {max(self.times):.1f}; long tasks: {tasks}"


async def begin(page: Page) -> None:
    """From now on."""
    await page.evaluate(BEGIN)


async def end(page: Page) -> Frames:
    """Until now."""
    told = await page.evaluate(END)
    return Frames(told["frames"], told["tasks"])


async def heap(session: CDPSession) -> float:
    """Bytes that the page's scripts hold, without garbage."""
    await session.send("HeapProfiler.collectGarbage")
    usage = await session.send("Runtime.getHeapUsage")
    return float(usage["usedSize"])
