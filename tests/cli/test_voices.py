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


def test_an_audit_without_differences_says_what_it_looked_at_and_a_second_undo_that_nothing_is_left(
    site: Site,
) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(2)), "--yes").code == 0
    audited = run("audit", *site.options)
    assert (audited.code, audited.err) == (0, "")
    assert "2 lines and 2 routed numbers were looked up" in " ".join(audited.out.split())
    refused = run("undo", *site.options)
    assert refused.code == 2
    table = refused.out.splitlines()
    assert [line.split()[:3] for line in table[2:]] == [
        ["GW-1:2", "number", "route"], ["GW-1:1", "number", "route"],
        ["GW-1:2", "new", "line"], ["GW-1:1", "new", "line"],
    ]  # fmt: skip
    assert "Take back these 4 writes?" in refused.err
    assert site.writes == 4
    assert run("undo", "--yes", *site.options).code == 0
    again = site.run("undo", "--yes")
    assert (again.code, again.codes) == (0, {"nothing-to-undo"})
    after = run("audit", *site.options)
    assert (after.code, after.err) == (0, "")
    assert "taken back; nothing of it is wanted on the platform" in " ".join(after.out.split())


def test_a_place_is_found_whatever_its_case_and_one_that_is_not_there_is_said(site: Site) -> None:
    sheet = sheet_at(site.folder, rows(2, mac=""))
    assert site.run("prepare", sheet).code == 0
    home = ["--home", site.home, "--json"]
    bound = run("bind", "Harbor Point Tower", "gw-1", "00:50:58:aa:bb:01", *site.options, "--json")
    assert bound.code == 0
    assert len(site.run("plan", sheet, "--gateway", "gw-1").of("step")) == 6
    assert len(run("status", "--gateway", "gW-1", *home).of("line")) == 4
    assert site.run("resolve", "Harbor Point Tower", "gw-1:1", "abandon").codes.isdisjoint({"no-port"})
    for verb in ("status", "plan", "watch", "undo"):
        assert (site.run(verb, "--gateway", "GW-9").codes, verb) == ({"no-gateway"}, verb)
        assert site.run(verb, "--gateway", "GW-9").code == 2


def test_without_a_number_to_ring_it_a_line_is_not_called_unrouted(tmp_path: Path) -> None:
    text = rows(2).replace(",5035550117\n", ",\n")
    options = ["--home", tmp_path, "--platform", "rehearsal"]
    assert run("prepare", sheet_at(tmp_path, text), *options).code == 0
    lines = run("status", *options, "--json").of("line")
    assert [each["routed"] for each in lines] == [False, None, None, None]
    first, second = run("status", *options).out.splitlines()[1:3]
    assert (first.split()[3:7], second.split()[3:6]) == (["✗", "no", "✗", "no"], ["✗", "no", "-"])


@pytest.mark.parametrize("verb", [["jobs"], ["status"], ["doctor"], ["doctor", "--platform", "rehearsal"]])
def test_looking_makes_no_home(tmp_path: Path, verb: list[str]) -> None:
    run(*verb, "--home", tmp_path / "home", "--json")
    assert not (tmp_path / "home").exists()


def test_the_doctor_believes_no_certificate_over_plain_http_and_repeats_the_platforms_warning(
    site: Site,
) -> None:
    told = {each["code"]: each["message"] for each in site.run("doctor").of("finding")}
    assert "by plain http" in told["platform"]
    options = ["--home", site.home, "--platform", "production", "--base-url", "http://127.0.0.1:9"]
    assert "platform-warning" in run("doctor", *options, "--json").codes


def test_options_stand_between_a_group_and_its_verb(tmp_path: Path) -> None:
    home = ["--home", tmp_path, "--platform", "rehearsal"]
    listed = run("lines", *home, "list", "Harbor Point Tower", "--json")
    assert (listed.code, listed.codes) == (0, {"no-line"})
    bare = run("lines", "--json", *home)
    (finding,) = bare.of("finding")
    assert (bare.code, finding["code"], finding["message"]) == (2, "usage", "Missing command")


def test_an_id_is_told_whole_and_a_line_that_is_not_there_points_to_the_list(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    (line,) = site.thread.call(site.platform.lines)
    shown = run("lines", "show", "Harbor Point Tower", "Line 1", *site.options)
    assert f"line id        {line.id}\n" in shown.out
    (listed,) = site.run("lines", "list", "Harbor Point Tower").of("line")
    assert listed["line_id"] == line.id
    gone = site.run("lines", "show", "Harbor Point Tower", "Nobody").of("finding")[-1]
    assert (gone["code"], gone["remedy"]) == (
        "which-line",
        "`lines list` shows every line, with --json each id",
    )
