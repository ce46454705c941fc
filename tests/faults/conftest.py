"""What tests/process has: its dialplan, a site, a broker."""

from tests.process.conftest import dialplan, mosquitto, site

__all__ = ["dialplan", "mosquitto", "site"]
