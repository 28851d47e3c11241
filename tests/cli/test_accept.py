"""Codes given with --accept: one that nobody knows is a fault, one that fits nothing is said."""

import pytest

from installer.domain.finding import Acceptable
from installer.rehearsal import seed
from tests.cli.kit import HEADER, Site, rows, run, secret_at, sheet_at

_ROW = "Harbor Point Tower,,GW-1,00:50:58:aa:bb:01,4,{0},Line {0},elevator,5035550107,5035550107,,{1}\n"
SHARED = HEADER.strip() + ",location\n" + _ROW.format(1, "East") + _ROW.format(2, "West")


@pytest.mark.parametrize("verb", [["plan", "site.csv"], ["undo"], ["lines", "delete", "1", "2"]])
def test_a_code_that_no_rule_knows_is_a_fault_that_names_those_there_are(verb: list[str]) -> None:
    ran = run(*verb, "--accept", "shared-calback", "--json")
    (finding,) = ran.of("finding")
    assert (ran.code, finding["code"]) == (2, "no-such-code")
    assert "shared-calback" in finding["message"]
    assert finding["remedy"].removeprefix("one of ").split(", ") == list(Acceptable)


def test_a_known_code_that_fits_nothing_is_said_and_stops_nothing(site: Site) -> None:
    ran = site.run("apply", sheet_at(site.folder, rows(1)), "--yes", "--accept", "shared-callback")
    assert (ran.code, ran.codes) == (0, {"accept-unused", "registrar-not-set"})
    (said,) = (each for each in ran.of("finding") if each["code"] == "accept-unused")
    assert (said["severity"], "--accept shared-callback" in said["message"]) == ("info", True)


def test_a_code_that_fits_is_not_called_unused_also_where_another_answer_is_needed(site: Site) -> None:
    sheet = sheet_at(site.folder, SHARED)
    assert "accept-unused" not in site.run("plan", sheet, "--accept", "shared-callback").codes
    asked = site.run("apply", sheet, "--accept", "mac-vendor", "--accept", "shared-callback")
    assert asked.code == 2
    said = [each["message"] for each in asked.of("finding") if each["code"] == "accept-unused"]
    assert ["mac-vendor" in each for each in said] == [True]


def test_a_lost_line_that_is_made_anew_took_its_code(site: Site) -> None:
    sheet = sheet_at(site.folder, rows(1))
    assert site.run("apply", sheet, "--yes").code == 0
    world = site.platform.desk.world

    def lose() -> None:
        (line,) = site.platform.lines()
        for digits in world.linked(line.id):
            world.replace_number({**world.numbers[digits], "referenceType": None, "referenceId": None})
        world.delete_line(line, (0.0, 0), 0.0)

    site.thread.call(lose)
    assert site.run("apply", sheet, "--yes").code == 11
    again = site.run("apply", sheet, "--yes", "--accept", "line-gone")
    assert (again.code, "accept-unused" in again.codes) == (0, False)


def test_another_login_takes_over_by_the_code_it_is_told(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    second = seed.USERS[1]
    login = ["--username", second.username, "--password-file", secret_at(site.folder, "2", second.password)]
    for verb in (["undo"], ["lines", "delete", "Harbor Point Tower", "Line 1", "--confirm", "Line 1"]):
        refused = run(*verb, "--yes", *site.options, *login, "--json")
        assert (refused.code, refused.codes & {"other-user"}) == (2, {"other-user"})
    taken = run(*verb, "--yes", "--accept", "other-user", *site.options, *login, "--json")
    assert (taken.code, "accept-unused" in taken.codes) == (0, False)
