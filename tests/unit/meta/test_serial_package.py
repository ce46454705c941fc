"""The package `serial` is pyserial's own: the bench's fork of it (hw_tests/set_up.sh) does not lie over it."""

import base64
import hashlib
from importlib import metadata
from pathlib import Path

import pytest
import serial

pytestmark = pytest.mark.unit


def test_pyserial_alone_provides_serial() -> None:
    assert metadata.packages_distributions()["serial"] == ["pyserial"]


def test_every_module_is_as_pyserial_shipped_it() -> None:
    modules = [file for file in metadata.files("pyserial") or () if file.suffix == ".py" and file.hash]
    assert any(file.locate() == Path(serial.__file__) for file in modules)
    for file in modules:
        assert file.hash is not None
        digest = hashlib.new(file.hash.mode, file.read_binary()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value, file
