"""The documentation as a site: built without a warning, and asking for nothing from elsewhere."""

import os
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

from flasklint import rule as rules
from flasklint.site import SITE, rule_page

ROOT = Path(__file__).parents[1]
BUILDER = pytest.mark.skipif(not find_spec("material"), reason="the extra `docs` is not installed")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return folder


class Loaded(HTMLParser):
    """Collects what a browser would fetch for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "img", "iframe"):
            self.urls.append(given.get("src") or "")
        if tag == "link" and given.get("rel") not in ("canonical", "prev", "next"):
            self.urls.append(given.get("href") or "")


@BUILDER
def test_every_rule_has_a_page_with_what_flasklint_says(site: Path) -> None:
    for name in rules.names():
        page = (site / "rules" / f"{name}.html").read_text(encoding="utf-8")
        assert rules.get(name).title.split("`")[0] in page.replace("&rsquo;", "'"), name
        assert not rules.get(name).bad or re.search(
            rf'<span class="(error|warning|note)">\w+\[{name}\]</span>', page
        ), name
        assert (SITE + rule_page(name).removeprefix(SITE)).endswith(f"/rules/{name}.html")


@BUILDER
def test_the_index_names_every_rule(site: Path) -> None:
    index = (site / "rules.html").read_text(encoding="utf-8")
    assert [name for name in rules.names() if f'href="rules/{name}.html"' not in index] == []


@BUILDER
def test_the_site_asks_for_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        assert [url for url in loaded.urls if "//" in url] == [], page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", style.read_text(encoding="utf-8")), style


@BUILDER
def test_search_works_without_a_server(site: Path) -> None:
    assert (site / "search" / "search_index.js").is_file()
    assert 'src="assets/iframe-worker.js"' in (site / "index.html").read_text(encoding="utf-8")


def test_the_address_of_the_site_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["urls"]["Documentation"] == SITE
    assert f"site_url: {SITE}\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_the_tutorial_shows_what_happens() -> None:
    done = subprocess.run(
        [sys.executable, "tools/run_tutorial.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
