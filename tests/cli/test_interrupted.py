"""Signals, closed pipes and full disks: the journal stays good and a resume finishes the work."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.rehearsal.faults import Kind, Rule
from tests.cli.kit import PASSPHRASE, Ran, Site, rows, run, secret_at, sheet_at, start

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")
pytestmark = posix


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def ended(process: "subprocess.Popen[str]") -> Ran:
    out, err = process.communicate(timeout=50)
    return Ran(process.returncode, out or "", err or "")


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_a_signal_marks_what_is_under_way_and_a_resume_finishes(
    site: Site, number: signal.Signals, code: int
) -> None:
    sheet = sheet_at(site.folder, rows(2))
    site.faults(Rule(Kind.SLOW, "POST", "*/specialty-line", seconds=30.0, count=None))
    # Whoever started these tests may have been deaf to it, as under nohup, and a child inherits that.
    hears = f"import signal; signal.signal({number:d}, signal.SIG_DFL)"
    process = start("apply", sheet, "--yes", *site.options, "--json", prelude=hears)
    until(lambda: site.writes == 2)
    process.send_signal(number)
    ran = ended(process)
    assert ran.code == code
    assert ran.err == ""
    assert {each["outcome"] for each in ran.of("outcome")} == {"unknown"}
    site.faults()
    assert site.run("resume", "--yes").code == 0
    assert site.writes == 4


def test_a_run_under_nohup_goes_on_when_the_terminal_hangs_up(site: Site) -> None:
    site.faults(Rule(Kind.SLOW, "POST", "*/specialty-line", seconds=1.0, count=None))
    deaf = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    process = start("apply", sheet_at(site.folder, rows(2)), "--yes", *site.options, "--json", prelude=deaf)
    until(lambda: site.writes == 2)
    process.send_signal(signal.SIGHUP)
    assert ended(process).code == 0
    assert site.writes == 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_rehearsal_platform_serves_until_it_is_told_to_stop(
    tmp_path: Path, number: signal.Signals
) -> None:
    process = start("rehearse", "--home", tmp_path, "--json")
    assert process.stdout is not None
    told = [json.loads(process.stdout.readline()) for _ in range(2)][-1]
    assert told["event"] == "rehearsal"
    assert Path(told["password_file"]).stat().st_mode & 0o777 == 0o600
    assert told["url"].startswith("http://127.0.0.1:")
    process.send_signal(number)
    assert ended(process).code == 0


def test_virtual_gateways_load_a_sheet_once_it_is_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sheet = out / "harbor-point-tower-JVTFNXE-credentials.csv"
    process = start("rehearse", "--home", tmp_path, "--gateways", sheet, "--json")
    assert process.stdout is not None
    told = [json.loads(process.stdout.readline()) for _ in range(2)][-1]
    try:
        options = [
            "--home", tmp_path / "kit", "--base-url", told["url"], "--username", told["username"],
            "--password-file", told["password_file"], "--json", "--out", out,
            "--passphrase-file", secret_at(tmp_path, "pp", PASSPHRASE),
        ]  # fmt: skip
        header, *lines = rows(2).splitlines()
        known = "\n".join((f"{header},job", *(f"{line},JVTFNXE" for line in lines)))
        assert run("apply", sheet_at(tmp_path, known), "--yes", *options).code == 0
        assert run("sheet", "--format", "csv", *options).code == 0
        until(lambda: run("watch", "--for", 0, *options).code == 0)
    finally:
        process.terminate()
        assert ended(process).code == 0


def test_a_reader_that_goes_away_does_not_stop_the_work(site: Site) -> None:
    process = start("apply", sheet_at(site.folder, rows(2)), "--yes", *site.options)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read()
    assert process.wait(50) == 0
    warning, *_ = said.split(":")
    assert (warning, said.count("!")) == ("! warning registrar-not-set", 1)
    assert site.writes == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_behind_stdout_is_said_by_the_code(site: Site) -> None:
    with Path("/dev/full").open("w") as full:
        process = start("jobs", "--home", site.home, stdout=full)
        assert ended(process).code == 9


def test_a_disk_that_takes_no_more_sends_nothing(site: Site) -> None:
    little = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))"
    process = start("apply", sheet_at(site.folder, rows(2)), "--yes", *site.options, "--json", prelude=little)
    ran = ended(process)
    assert ran.code == 9
    assert ran.codes & {"disk-full", "disk-failed"}
    assert site.writes == 0
    assert site.run("apply", site.folder / "site.csv", "--yes").code == 0
    assert site.writes == 4


def test_started_with_closed_streams_it_still_works(site: Site) -> None:
    close = "os.close(1); os.close(2)"
    process = start("apply", sheet_at(site.folder, rows(1)), "--yes", *site.options, prelude=close)
    assert ended(process).code == 0
    assert site.writes == 2


def test_a_rehearsed_visit_that_was_killed_goes_on_when_run_again(tmp_path: Path) -> None:
    process = start("rehearse", "--visit", "--home", tmp_path, "--json")
    journal = tmp_path / "rehearsal" / "journal.sqlite3"
    try:
        until(lambda: journal.exists() and journal.stat().st_size > 90_000, 40.0)
    finally:
        process.kill()
    assert ended(process).code == -signal.SIGKILL
    ran = run("rehearse", "--visit", "--home", tmp_path, "--json")
    assert ran.code == 0
    lines = run(
        "lines", "list", "Harbor Point Tower", "--home", tmp_path, "--platform", "rehearsal", "--json"
    )
    ports = [(each["mac"], each["fxs_port"]) for each in lines.of("line")]
    assert len(ports) == len(set(ports)) == 29


def test_an_interrupted_apply_says_how_much_of_its_plan_is_still_to_be_done(site: Site) -> None:
    site.faults(Rule(Kind.SLOW, "POST", "*/specialty-line", first=2, count=None, seconds=60))
    options = [*site.options, "--concurrency", "1"]
    process = start("apply", sheet_at(site.folder, rows(3)), "--yes", *options, "--json")
    until(lambda: site.writes == 2)
    process.send_signal(signal.SIGINT)
    ran = ended(process)
    assert ran.code == 130
    (left,) = (each for each in ran.of("finding") if each["code"] == "still-to-do")
    assert left["message"] == (
        "of 6 planned writes 4 are still to be made; of 1 it is not known yet whether it was made"
    )
    assert left["remedy"].startswith("`punchdown resume J")
