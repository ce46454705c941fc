"""Libraries inside the wheels: all are listed, and the table's words of them are held against the files."""

import hashlib
from pathlib import Path

import pytest

from deploy.supply.native import Wrong, components, table

pytestmark = pytest.mark.unit

ROW = {
    **{"name": "openssl", "version": "3.5.9", "in": "some-wheel"},
    **{"file": "some.libs/libcrypto-*", "words": "OpenSSL 3.5.9", "licence": "Apache-2.0"},
}
CRYPTO = b"\x7fELF OpenSSL 3.5.9 1 Jan 2026\0"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """One wheel with an extension and two libraries, one of them under two names."""
    site = tmp_path / "lib/python3.11/site-packages"
    files = {
        "some/_it.cpython-311-x86_64-linux-gnu.so": b"\x7fELF an extension",
        "some.libs/libcrypto-1234.so.3": CRYPTO,
        "some.libs/libz-5678.so": b"\x7fELF z",
        "some.libs/libz-5678.so.1.3": b"\x7fELF z",
        "some_wheel-2.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: some-wheel\nVersion: 2.0\n",
    }
    for name, content in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(content)
    (site / "some_wheel-2.0.dist-info/RECORD").write_text("".join(f"{name},,\n" for name in files))
    return tmp_path


def test_each_library_is_listed_once_with_its_digest(environment: Path) -> None:
    crypto, z = components(str(environment), [ROW])
    assert (crypto["name"], crypto["version"]) == ("openssl", "3.5.9")
    assert crypto["hashes"][0]["content"] == hashlib.sha256(CRYPTO).hexdigest()
    assert z["name"] == "libz"
    assert "version" not in z, "of which nothing is told"


def test_another_library_than_the_table_knows_stops_the_build(environment: Path) -> None:
    with pytest.raises(Wrong, match=r"does not say 'OpenSSL 3\.6'"):
        components(str(environment), [ROW | {"words": "OpenSSL 3.6"}])


def test_a_library_that_is_gone_stops_the_build(environment: Path) -> None:
    with pytest.raises(Wrong, match=r"some-wheel has no some\.libs/libssl"):
        components(str(environment), [ROW, ROW | {"file": "some.libs/libssl-*"}])


def test_an_extension_that_the_table_names_is_listed(environment: Path) -> None:
    row = ROW | {"name": "it", "file": "some/_it.*", "words": "extension"}
    assert "it" in [one["name"] for one in components(str(environment), [row])]


def test_each_row_of_the_table_names_a_version_that_is_seen() -> None:
    """A version is in the words, or in the name of the file: never only in the table."""
    assert [row["name"] for row in table() if row["version"] not in row["words"] + row["file"]] == []
