"""The pages in the Debian package: their links lead to what the package has, as they do in a checkout."""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
SITE = "/opt/sansheng/lib/python3.11/site-packages"
FROM = {
    SITE: ROOT,
    "/lib/udev/rules.d": ROOT / "deploy",
    "/lib/systemd/system": ROOT / "deploy" / "systemd",
}
"""What deploy/debian/tree.sh puts into the package's other folders."""
_LINK = re.compile(r"\]\(([^)#\s]+)")


@pytest.fixture(scope="module")
def doc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package") / "doc"
    subprocess.run([ROOT / "deploy/debian/pages.sh", folder, SITE], check=True)
    return folder


def is_there(target: Path) -> bool:
    """Whether the package has it, be it in a folder outside its documentation."""
    for place in (target, *target.parents):
        if place.is_symlink() and (aim := place.readlink()).is_absolute():
            home = next(home for home in FROM if aim.is_relative_to(home))
            return (FROM[home] / aim.relative_to(home) / target.relative_to(place)).exists()
    return target.exists()


def test_every_link_of_a_page_leads_somewhere(doc: Path) -> None:
    pages = [doc / "README.md", *sorted((doc / "docs").glob("*.md"))]
    assert len(pages) > 40
    dead = [
        f"{page.name}: {link}"
        for page in pages
        for link in _LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in link and not is_there(Path(f"{page.parent}/{link}"))
    ]
    assert not dead


def test_a_link_to_what_the_package_lacks_is_noticed(doc: Path) -> None:
    assert is_there(doc / "docs" / ".." / "dialplans" / "README.md")
    assert not is_there(doc / "docs" / ".." / "dialplans" / "nothing.md")
    assert not is_there(doc / "docs" / ".." / "Makefile")
