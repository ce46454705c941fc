"""Which page's commands find what beside the hotline's files; a page that is not named finds these alone."""

from collections.abc import Callable

from tests.docs.scene import broker, gateway, modem, postgresql

PARTS: dict[str, tuple[Callable[[], None], ...]] = {
    "docs/configuration.md": (gateway,),
    "docs/database.md": (postgresql,),
    "docs/dialplans.md": (gateway,),
    "docs/feed.md": (gateway,),
    "docs/home-assistant.md": (broker,),
    "docs/install.md": (broker,),
    "docs/metrics.md": (gateway,),
    "docs/modems.md": (modem,),
    "docs/mqtt-security.md": (broker,),
    "docs/scale.md": (postgresql,),
    "docs/top.md": (gateway,),
    "docs/operators-guide.md": (gateway,),
    "docs/troubleshooting.md": (gateway, modem),
}
