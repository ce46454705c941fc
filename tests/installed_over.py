"""Another version of the product, installed while this one runs."""

from pathlib import Path

import pytest


def install_over(version: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an installer does it: until the test ends, Python finds this version's metadata first."""
    metadata = folder / f"sansheng-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: sansheng\nVersion: {version}\n")
    monkeypatch.syspath_prepend(str(folder))
