"""What is held on one number and how long: export, erasure, retention (WD-11)."""

from gateway.privacy.retention import Retention

__all__ = ["Retention"]
