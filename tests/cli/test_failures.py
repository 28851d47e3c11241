"""How commands end that cannot do what was asked, and that JSON, exit code and ledger agree."""

import json
import shlex
import sqlite3
from pathlib import Path

import pytest

from installer.rehearsal.faults import Kind, Rule
from tests.cli.kit import PASSPHRASE, Site, rows, run, secret_at, sheet_at

CREATE = "*/specialty-line"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--json"],
        ["--json", "fly"],
        ["prepare", "--json"],
        ["plan", "x", "--json", "--concurrency", "9"],
        ["plan", "x", "--json", "--deadline", "0"],
        ["resolve", "J", "GW-1:1", "guess", "--json"],
        ["journal", "--json"],
        ["jobs", "surplus", "--json"],
    ],
)
def test_usage_errors_are_events_too(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.codes) == (2, {"usage"})


def test_json_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNCHDOWN_JSON", "1")
    assert run("fly").codes == {"usage"}
    monkeypatch.setenv("PUNCHDOWN_CONCURRENCY", "many")
    assert run("jobs").code == 2


def test_values_of_the_environment_stand_in_for_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUNCHDOWN_HOME", str(tmp_path / "there"))
    monkeypatch.setenv("PUNCHDOWN_PLATFORM", "rehearsal")
    assert run("plan", sheet_at(tmp_path, rows(1)), "--json").code == 0
    assert (tmp_path / "there" / "rehearsal").is_dir()
    monkeypatch.setenv("PUNCHDOWN_CONFIRM", "Elevator 1;Fire panel")
    assert run("undo", "--json").code == 2


@pytest.mark.parametrize(
    "arguments, code",
    [
        (["plan", "site.csv"], "no-platform"),
        (["plan", "site.csv", "--platform", "moon"], "no-platform"),
        (["plan", "gone.csv", "--platform", "rehearsal"], None),
        (["plan", "site.csv", "--platform", "production"], "no-login"),
        (["plan", "site.csv", "--base-url", "http://example.com", "--username", "x"], None),
        (["status"], "no-job"),
        (["status", "--gateway", "a:b"], "no-job"),
        (["bind", "J", "GW-1", "005058112"], "invalid-mac"),
        (["sheet", "nowhere", "--platform", "rehearsal"], "no-job"),
        (["resolve", "J", "GW-1", "adopt", "--platform", "rehearsal"], "invalid-port"),
        (["rehearse", "--faults", "site.csv"], "bad-fault"),
        (["rehearse", "--gateways", "site.csv"], None),
        (["plan", "site.csv", "--platform", "rehearsal", "--password-file", "none"], "secret-file"),
        (["journal", "rebuild"], None),
    ],
)
def test_what_cannot_be_done_ends_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: str | None
) -> None:
    sheet_at(tmp_path, rows(1))
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments, "--home", "home", "--json")
    assert ran.code == (8 if arguments[0] == "journal" else 2)
    errors = [each for each in ran.of("finding") if each["severity"] == "error"]
    assert errors
    assert code is None or code in ran.codes


def test_every_fault_of_a_sheet_is_an_event_with_its_cell(site: Site) -> None:
    text = rows(3).replace("5035550107,5035550107,5035550117", "123,5035550107,5035550117")
    ran = site.run("apply", sheet_at(site.folder, text.replace("aa:bb:01", "aa:bb")), "--yes")
    assert ran.code == 2
    cells = {(each["row"], each["column"]) for each in ran.of("finding") if each["row"]}
    assert (3, "caller_id") in cells
    assert any(column == "mac" for _, column in cells)
    assert site.writes == 0


@pytest.mark.parametrize(
    "rule, code, resumed",
    [
        (Rule(Kind.STATUS, "POST", "*/v2/authorize", status=401, count=None), 6, 0),
        (Rule(Kind.STATUS, "POST", CREATE, status=403, count=None), 6, 0),
        (Rule(Kind.STATUS, "POST", CREATE, status=400, code="InvalidName"), 3, 0),
        (Rule(Kind.PORTAL, "GET", "*", status=200, count=None), 7, 0),
        (Rule(Kind.STATUS, "GET", CREATE, status=500, count=None), 3, 0),
        (Rule(Kind.DROP_AFTER_COMMIT, "POST", CREATE), 0, 0),
        (Rule(Kind.STATUS, "POST", CREATE, status=503, after_commit=True), 0, 0),
        (Rule(Kind.EXPIRE_TOKEN, "POST", CREATE), 0, 0),
    ],
)
def test_a_platform_that_fails(site: Site, rule: Rule, code: int, resumed: int) -> None:
    sheet = sheet_at(site.folder, rows(2))
    site.faults(rule)
    ran = site.run("apply", sheet, "--yes")
    assert ran.code == code
    assert ran.events[-1]["exit"] == code
    done = [each for each in ran.of("outcome") if each["outcome"] == "done"]
    made = site.thread.call(lambda: len(site.platform.ledger.committed("create-line")))
    assert len([each for each in done if each["action"] == "create-line"]) <= made
    site.faults()
    assert site.run("apply", sheet, "--yes").code == resumed
    assert site.thread.call(lambda: len(site.platform.ledger.committed("create-line"))) == 2


def test_a_platform_that_is_gone_is_the_network(site: Site) -> None:
    nobody = ["--base-url", "http://127.0.0.1:9"]
    assert run("plan", sheet_at(site.folder, rows(1)), *site.options, *nobody, "--json").code == 7


def test_a_line_of_somebody_else_is_a_conflict(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    other = ["--home", site.folder / "other", "--base-url", site.platform.url]
    rest = [each for each in site.options if each not in {"--home", str(site.home)}]
    ran = run("apply", sheet_at(site.folder, rows(1)), "--yes", *other, *rest[2:], "--json")
    assert ran.code == 5
    assert [each["outcome"] for each in ran.of("outcome")] == ["conflict"]
    assert site.writes == 2


def test_the_wrong_passphrase_is_the_vaults(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    wrong = secret_at(site.folder, "wrong", PASSPHRASE[1:])
    ran = site.run("sheet", "--passphrase-file", wrong)
    assert site.run("sheet").code == 0
    assert run("sheet", *site.options, "--passphrase-file", wrong, "--json").codes == {"vault-wrong-key"}
    assert ran.code == 0  # the last one given counts, and that was the right one


def test_two_runs_on_one_gateway_do_not_meet(site: Site) -> None:
    from installer.journal.locks import FileLock

    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    (lock,) = (site.home / "locks").glob("gateway-*.lock")
    with FileLock(lock, "a colleague").held(0.0):
        ran = site.run("apply", sheet_at(site.folder, rows(2)), "--yes")
    assert ran.code == 10
    assert any("a colleague" in each["message"] for each in ran.of("finding"))


def test_a_damaged_journal_refuses_and_is_rebuilt(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(2)), "--yes").code == 0
    journal = site.home / "journal.sqlite3"
    octets = journal.read_bytes()
    spot = octets.rindex(b"credential-sheet")
    journal.write_bytes(octets[:spot] + b"Credential" + octets[spot + 10 :])
    assert run("journal", "verify", *site.options, "--json").code == 8
    rebuilt = run("journal", "rebuild", *site.options, "--json")
    assert (rebuilt.code, rebuilt.codes >= {"journal-rebuilt", "read-the-platform"}) == (0, True)
    assert (site.home / "journal.sqlite3.damaged-1").read_bytes().count(b"Credential-sheet") == 1
    assert run("journal", "verify", *site.options, "--json").code == 0
    assert site.run("resume", "--yes").code == 0
    assert site.run("audit").code == 0
    assert site.writes == 4


def test_a_rebuilt_home_can_be_gone_on_with_wherever_its_journal_was_hit(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    journal = site.home / "journal.sqlite3"
    whole = journal.read_bytes()
    with sqlite3.connect(journal) as plain:
        kinds = [(seq, kind) for seq, kind in plain.execute("SELECT seq, kind FROM event")]
    plain.close()
    sent = next(seq for seq, kind in kinds if kind == "step-sent")
    # Without its opening the job is gone, and its line there is somebody's; else the line is found again.
    for seq, code in ((kinds[2][0], 5), (sent, 0)):
        journal.write_bytes(whole)
        with sqlite3.connect(journal) as plain:
            plain.execute("UPDATE event SET body = '{}' WHERE seq = ?", (seq,))
        plain.close()
        rebuilt = run("journal", "rebuild", *site.options, "--json")
        assert (rebuilt.code, rebuilt.codes >= {"journal-rebuilt", "rows-left"}) == (0, True)
        assert rebuilt.events[-1]["counts"]["left"] > 0
        ran = site.run("apply", sheet_at(site.folder, rows(1)), "--yes")
        assert (ran.code, site.writes) == (code, 2)
        verified = run("journal", "verify", *site.options, "--json")
        assert verified.code == 0


def test_a_rebuild_that_was_cut_short_is_finished_by_the_next(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    journal = site.home / "journal.sqlite3"
    journal.rename(site.home / "journal.rebuilt")
    assert site.run("status").codes == {"rebuild-unfinished"}
    assert run("journal", "rebuild", *site.options, "--json").code == 0
    assert site.run("status").code == 0


def test_the_doctor_names_what_is_not_as_it_should_be(site: Site) -> None:
    well = site.run("doctor")
    assert {each["severity"] for each in well.of("finding")} == {"info"}
    assert well.code == 0
    (site.home / "vault.json").chmod(0o644)
    ill = site.run("doctor")
    assert (ill.code, "home-open" in ill.codes) == (11, True)
    gone = run("doctor", "--home", site.home, "--base-url", "http://127.0.0.1:9", "--json")
    assert gone.code == 11


def test_a_sign_in_file_that_others_may_read_is_warned_of(site: Site) -> None:
    sheet = sheet_at(site.folder, rows(1))
    options = site.options
    (site.folder / "pw").chmod(0o644)
    ran = run("plan", sheet, *options, "--json")
    assert (ran.code, "secret-file-open" in ran.codes) == (0, True)


def test_an_undo_that_leaves_a_line_in_service_asks_for_its_name(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1, name="Car's line")), "--yes").code == 0

    def ring() -> None:
        world = site.platform.desk.world
        (line,) = world.lines
        rung = {"referenceType": "SPECIALTY_LINE", "referenceId": line}
        world.replace_number({**world.numbers["15035550117"], **rung})

    site.thread.call(ring)
    left = site.run("undo", "--yes")
    kept = [each for each in left.of("outcome") if each["outcome"] == "skipped"]
    assert (left.code, [each["code"] for each in kept]) == (2, ["line-in-service"])
    assert "--confirm" in kept[0]["message"]
    assert len(site.thread.call(site.platform.lines)) == 1
    delete = "lines", "delete", "Harbor Point Tower", "Car's line 1", "--yes"
    asked = site.run(*delete)
    (remedy,) = [each["remedy"] for each in asked.of("finding") if each["code"] == "line-in-service"]
    typed = shlex.split(remedy.removeprefix("give "))
    assert typed == ["--confirm", "Car's line 1"]
    assert site.run(*delete, *typed).code == 0
    assert site.thread.call(site.platform.lines) == ()


def test_a_resume_that_has_nothing_to_go_on_with_needs_no_vault(site: Site) -> None:
    options = ["--home", site.home, "--base-url", site.platform.url, "--json"]
    ran = run("resume", *options)
    assert (ran.code, ran.codes) == (0, {"nothing-to-resume"})


def test_a_fault_script_is_read_and_served(tmp_path: Path) -> None:
    script = tmp_path / "faults.json"
    script.write_text(json.dumps([{"kind": "no-such-fault"}]))
    assert run("rehearse", "--home", tmp_path, "--faults", script, "--json").codes >= {"bad-fault"}


def test_a_resume_that_could_not_settle_does_not_promise_that_a_resume_settles(site: Site) -> None:
    site.faults(Rule(Kind.DROP_BEFORE_COMMIT, "POST", "*/specialty-line", count=None))
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 4
    again = run("resume", "--yes", *site.options)
    assert again.code == 4
    told = " ".join(again.out.split())
    assert "an earlier create is not settled yet: that is looked up first" in told
    assert again.err.splitlines()[-1].startswith(
        "? an outcome is not known yet: punchdown resume looks again"
    )
    assert "settles" not in again.out + again.err
