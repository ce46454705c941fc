"""The contract of every Line, kept by a Conexant modem, full duplex."""

import pytest

from tests.contract.suite import LineContract

pytestmark = pytest.mark.pty


class TestConexantLine(LineContract):
    rig = "conexant"
