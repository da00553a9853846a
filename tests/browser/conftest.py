"""The browser in which the page is looked at, and the page: made once, opened from the disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from openpeel.publishing.page import write_page
from publishing_sample import across_areas, completed, sample_inspection
from web_people import django_db_setup, person, signed_in

__all__ = ["django_db_setup", "person", "signed_in"]

_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium as the machine has it; without one the tests are skipped, but fail where CI is set."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium found, and in CI the page must be looked at")
        pytest.skip("no chromium found (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a page about Hertfordshire with invented numbers."""
    out = tmp_path_factory.mktemp("published") / "hertfordshire"
    write_page(completed(sample_inspection()), out)
    return out


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of several pages: a first one, one for each of two areas of policing, and one about the data."""
    out = tmp_path_factory.mktemp("several") / "hertfordshire"
    write_page(across_areas(completed(sample_inspection())), out)
    return out
