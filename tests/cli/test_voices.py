"""What programs and people are told, and what is counted of it."""

from pathlib import Path

import pytest

from tests.cli.kit import HEADER, Site, rows, run, secret_at, sheet_at


@pytest.mark.parametrize("word", ["summary", "finding", "event", "error", "null"])
def test_a_password_that_is_a_word_of_the_protocol_takes_none_of_it_out(tmp_path: Path, word: str) -> None:
    secret = secret_at(tmp_path, "pw", word)
    ran = run("status", "--password-file", secret, "--home", tmp_path / "h", "--json")
    assert (ran.code, ran.codes) == (2, {"no-job"})


def test_texts_from_outside_are_redacted_still(tmp_path: Path) -> None:
    secret = secret_at(tmp_path, "pw", "Harbor Point Tower")
    ran = run("status", "Harbor Point Tower", "--password-file", secret, "--home", tmp_path / "h", "--json")
    assert "Harbor" not in ran.out


def test_what_is_not_known_is_null_and_no_address_is_made_up(tmp_path: Path) -> None:
    options = ["--home", tmp_path, "--platform", "rehearsal", "--json"]
    applied = run("apply", sheet_at(tmp_path, rows(1)), "--yes", *options)
    jobs = run("jobs", *options)
    assert [each["base_url"] for each in jobs.of("job")] == [None]
    assert {each["message"] for each in applied.of("outcome")} == {None}
    told = (value for ran in (applied, jobs) for each in ran.events for value in each.values())
    assert "" not in set(map(str, told))


def test_every_finding_is_counted_where_it_is_told(site: Site) -> None:
    unbound = site.run("plan", sheet_at(site.folder, rows(2, mac="")))
    faulty = site.run("plan", sheet_at(site.folder, HEADER + "Harbor Point Tower,,,zz,4,1,,,1,2,\n"))
    for ran in (unbound, faulty):
        told = len(ran.of("finding"))
        assert told >= 2
        assert ran.events[-1]["counts"]["findings"] == told
    of_job = next(each for each in unbound.of("summary") if each["job"])
    assert (of_job["counts"]["findings"], of_job["counts"]["steps"]) == (2, 0)
    assert unbound.events[-1]["counts"]["steps"] == 0


def test_what_a_platforms_profile_warns_of_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    options = ["--platform", "production", "--home", tmp_path / "h", "apply", "site.csv"]
    programs, people = run(*options, "--json"), run(*options)
    first = programs.events[0]
    assert (first["severity"], first["code"]) == ("info", "platform-warning")
    assert "Alianza production: writes here change real customers' telephone lines" in first["message"]
    warned, _, rest = people.err.partition("\n")
    assert warned.startswith("! Alianza production: writes here change")
    assert "error" in rest
    assert people.out == ""
    assert "platform-warning" not in run(*options, "--platform", "beta", "--json").codes
