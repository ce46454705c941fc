"""The contract of every Line, kept by a modem that cannot hear while it speaks."""

import pytest

from tests.contract.suite import LineContract

pytestmark = pytest.mark.pty


class TestHalfDuplexLine(LineContract):
    rig = "conexant-half"
