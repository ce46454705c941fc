"""The bench's own environment: labgrid's fork of pyserial, whole and alone, under the product's driver."""

import sys
from importlib import metadata

import serial


def test_the_product_runs_on_labgrids_pyserial() -> None:
    assert metadata.packages_distributions()["serial"] == ["pyserial-labgrid"]
    assert serial.__version__ == metadata.version("pyserial-labgrid")
    assert sys.modules["drivers.fxo.port"].__dict__["serial"] is serial
