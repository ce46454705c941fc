"""Links between the pages of documentation: each leads to a file that is there, and to a heading of it."""

import re
from functools import cache

import pytest

from tests.docs.pages import ROOT, pages

pytestmark = pytest.mark.unit

_FENCED = re.compile(r"^(\s*)```.*?^\1```\s*$", re.M | re.S)
_LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6} +(.*?)\s*$", re.M)
GUIDES = [
    "how-it-works",
    "operators-guide",
    "dialplans",
    "feed",
    "troubleshooting",
    "install",
    "first-call",
    "scale",
]


def prose(page: str) -> str:
    return _FENCED.sub("", (ROOT / page).read_text(encoding="utf-8"))


@cache
def anchors(page: str) -> frozenset[str]:
    """As GitHub makes them of headings: small letters, no punctuation, hyphens for spaces, numbered if equal."""
    made: list[str] = []
    for heading in _HEADING.findall(prose(page)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        made.append(anchor if anchor not in made else f"{anchor}-{made.count(anchor)}")
    return frozenset(made)


@pytest.mark.parametrize("page", pages())
def test_links_lead_somewhere(page: str) -> None:
    dead = [link for link in _LINK.findall(prose(page)) if not leads_somewhere(page, link)]
    assert not dead


def leads_somewhere(page: str, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return True  # other people's pages: nobody is asked from a test
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    if not target.exists():
        return False
    return not anchor or anchor in anchors(str(target.resolve().relative_to(ROOT)))


def test_every_page_is_reached_from_the_readme() -> None:
    reached, queue = {"README.md"}, ["README.md"]
    while queue:
        page = queue.pop()
        for link in _LINK.findall(prose(page)):
            path = (ROOT / page).parent / link.partition("#")[0]
            name = (
                str(path.resolve().relative_to(ROOT)) if path.is_file() and ROOT in path.resolve().parents else ""
            )
            if name.endswith(".md") and name not in reached:
                reached.add(name)
                queue.append(name)
    assert {page for page in pages() if page.startswith("docs/")} <= reached


@pytest.mark.parametrize("guide", GUIDES)
def test_the_readme_names_each_guide_itself(guide: str) -> None:
    assert f"(docs/{guide}.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
