"""What is held on one number and how long: export, erasure, retention (WD-11)."""

from gateway.privacy.door import NothingHeld, Outcome, Privacy
from gateway.privacy.erasure import ErasureRefused
from gateway.privacy.held import Held
from gateway.privacy.retention import Retention

__all__ = ["ErasureRefused", "Held", "NothingHeld", "Outcome", "Privacy", "Retention"]
