"""The contract of every Line, kept by a USR5637."""

import pytest

from tests.contract.suite import LineContract

pytestmark = pytest.mark.pty


class TestUsr5637Line(LineContract):
    rig = "usr5637"
