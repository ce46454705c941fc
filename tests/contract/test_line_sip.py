"""The contract of every Line, kept by a softphone."""

import pytest

from tests.contract.suite import LineContract

pytestmark = pytest.mark.sip


class TestSipLine(LineContract):
    rig = "sip"
