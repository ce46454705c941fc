"""The contract of every Line, kept by a USR modem."""

import pytest

from tests.contract.suite import LineContract

pytestmark = pytest.mark.pty


class TestUsrLine(LineContract):
    rig = "usr"
