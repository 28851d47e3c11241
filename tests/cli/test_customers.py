"""Whom a rehearsal can be about, and what is said where a sheet names nobody."""

from pathlib import Path

import pytest

from installer.cli.console import Console
from installer.cli.people import People
from installer.cli.voice import Served
from tests.cli.kit import Site, rows, run, sheet_at

KNOWN = "“Harbor Point Tower” (100200), “Cedar Ridge Medical” (100300), “Harbor Point Garage” (100201)"


def test_an_account_nobody_has_is_answered_with_the_rehearsals_customers(tmp_path: Path) -> None:
    sheet = sheet_at(tmp_path, rows(1).replace("Harbor Point Tower", "Acme"))
    ran = run("plan", sheet, "--platform", "rehearsal", "--home", tmp_path, "--json")
    (fault,) = (each for each in ran.of("finding") if each["code"] == "account-not-found")
    assert fault["message"] == "“Acme” is no account's id, number or exact name"
    assert fault["remedy"].endswith(f"; the rehearsal has: {KNOWN}")


def test_an_account_that_search_finds_by_part_of_its_name_is_offered(site: Site) -> None:
    ran = site.run("plan", _sheet(site, "Cedar"))
    (fault,) = (each for each in ran.of("finding") if each["code"] == "account-not-found")
    assert fault["remedy"].endswith("; found by search: “Cedar Ridge Medical” (100300)")
    nobody = site.run("plan", _sheet(site, "Acme")).of("finding")[0]
    assert "rehearsal has" not in nobody["remedy"]


def test_a_served_rehearsal_names_its_customers(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    platform = site.platform
    People(Console()).rehearsal(Served(platform.url, "me", Path("pw"), "r", platform.customers))
    said = " ".join(capsys.readouterr().out.split())
    assert "Harbor Point Tower (100200), Cedar Ridge Medical (100300)" in said
    assert "Somebody" not in said


def _sheet(site: Site, account: str) -> Path:
    return sheet_at(site.folder, rows(1).replace("Harbor Point Tower", account))
