"""Every verb on its good path, and what it leaves on the platform's own ledger."""

from pathlib import Path

from tests.cli.kit import Site, rows, run, sheet_at


def test_a_visit_from_prepare_to_undo(site: Site) -> None:
    job = prepare(site)
    bind_and_plan(site, job)
    apply_once(site, job)
    look(site, job)
    write_out(site, job)
    undo(site, job)


def prepare(site: Site) -> str:
    """The job of a sheet without hardware: kept, and nothing written."""
    sheet = sheet_at(site.folder, rows(2, mac=""))
    prepared = site.run("prepare", sheet)
    assert prepared.code == 0
    assert prepared.of("artifact")[0]["kind"] == "credential-sheet"
    job: str = prepared.events[-2]["job"]
    assert site.run("prepare", sheet).of("artifact") == prepared.of("artifact")
    assert site.run("apply", job, "--yes").code == 11  # not bound yet
    assert site.writes == 0
    return job


def bind_and_plan(site: Site, job: str) -> None:
    assert site.run("bind", job, "GW-1", "00:50:58:AA:BB:01").code == 0
    planned = site.run("plan")
    assert planned.code == 0
    steps = planned.of("step")
    assert [(each["action"], each["write"]) for each in steps] == [
        ("validate-username", False), ("create-line", True), ("route-number", True),
    ] * 2  # fmt: skip
    assert {each["mac"] for each in steps} == {"00:50:58:aa:bb:01"}
    assert site.writes == 0


def apply_once(site: Site, job: str) -> None:
    """Each line is made by the first apply that is agreed to, whatever is run after it."""
    refused = site.run("apply")
    assert refused.code == 2
    assert any("--yes" in each["remedy"] for each in refused.of("finding"))
    applied = site.run("apply", job, "--yes")
    assert applied.code == 0
    assert [each["outcome"] for each in applied.of("outcome")] == ["done"] * 4
    assert site.writes == 4
    assert applied.events[-1]["counts"]["done"] == 4

    again = site.run("apply", sheet_at(site.folder, rows(2)), "--yes")
    assert (again.code, site.writes) == (0, 4)
    assert {each["outcome"] for each in again.of("outcome")} == {"already-done"}
    resumed = site.run("resume")
    assert (resumed.code, resumed.codes) == (0, {"nothing-to-resume"})
    assert site.run("audit").code == 0


def look(site: Site, job: str) -> None:
    status = site.run("status", job)
    lines = status.of("line")
    assert [(each["created"], each["routed"], each["registered"]) for each in lines[:2]] == [
        (True, True, None)
    ] * 2
    assert [each["port_state"] for each in lines] == ["use", "use", "spare", "spare"]
    assert all(each["checked_at"] is None for each in lines)
    watched = site.run("watch", job, "--for", 0)
    assert watched.code == 11
    assert [each["registered"] for each in watched.of("line")] == [False, False]
    assert site.run("status", job).of("line")[0]["checked_at"].endswith("Z")


def write_out(site: Site, job: str) -> None:
    for verb, kinds in (
        ("sheet", {"credential-sheet", "handover"}),
        ("labels", {"labels", "label"}),
        ("report", {"report", "report-html"}),
    ):
        left = site.run(verb, job)
        assert left.code == 0
        assert {each["kind"] for each in left.of("artifact")} <= kinds
        assert all(Path(each["path"]).is_file() for each in left.of("artifact"))


def undo(site: Site, job: str) -> None:
    asked = site.run("undo", job)
    assert (asked.code, asked.codes) == (2, {"confirmation"})
    undone = site.run("undo", job, "--yes")
    assert undone.code == 0
    assert {each["outcome"] for each in undone.of("outcome")} == {"undone"}
    assert site.thread.call(site.platform.lines) == ()


def test_standing_lines_are_listed_changed_and_taken_off(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(2)), "--yes").code == 0
    account = "Harbor Point Tower"
    assert {each["line_name"] for each in site.run("lines", "list", account).of("line")} >= {
        "Line 1",
        "Line 2",
    }
    assert site.run("lines", "set", account, "Line 1").codes == {"no-change"}
    changed = site.run("lines", "set", account, "Line 1", "--name", "Elevator 1", "--yes")
    assert changed.code == 0
    moved = site.run("lines", "move", account, "Elevator 1", "GW-1:4", "--yes")
    assert moved.code == 0
    shown = site.run("lines", "show", account, "Elevator 1").of("line")[0]
    assert (shown["fxs_port"], shown["mac"]) == (4, "00:50:58:aa:bb:01")
    assert site.run("lines", "reissue", account, "Elevator 1", "--yes").code == 0
    assert site.run("lines", "delete", account, "Elevator 1", "--yes").code == 2  # it is rung
    gone = site.run("lines", "delete", account, "Elevator 1", "--yes", "--confirm", "Elevator 1")
    assert gone.code == 0
    names = {line.name for line in site.thread.call(site.platform.lines)}
    assert "Elevator 1" not in names


def test_people_read_the_same_without_json(tmp_path: Path) -> None:
    options = ["--home", tmp_path / "home", "--platform", "rehearsal", "--out", tmp_path / "out"]
    done = run("apply", sheet_at(tmp_path, rows(2)), "--yes", *options)
    assert (done.code, done.err) == (0, "")
    assert "✓ done: 2 new lines" in done.out
    assert done.out.splitlines()[-1].rpartition("/")[2].startswith("handover-J")
    status = run("status", *options)
    assert "GW-1:2  Line 2" in status.out
    assert "? not known" in status.out
    assert max(map(len, status.out.splitlines())) <= 80
    assert "\x1b" not in done.out + status.out
    jobs = run("jobs", *options).out
    assert "Harbor Point" in jobs
    assert "○ made" in jobs
    assert "finished" not in jobs
    again = run("journal", "verify", *options)
    assert again.code == 0
    assert "every one as it was written" in again.out


def test_options_stand_before_or_behind_the_verb_or_in_the_environment(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("--home", home, "--json", "jobs").events[-1]["exit"] == 0
    assert run(f"--home={home}", "journal", "--json", "verify").codes == {"no-journal"}
    assert run("journal", f"--home={home}", "--json", "verify").codes == {"no-journal"}


def test_a_rehearsed_visit_ends_and_run_again_writes_nothing(tmp_path: Path) -> None:
    first = run("rehearse", "--visit", "--home", tmp_path)
    assert (first.code, first.err) == (0, "")
    assert "passphrase “punchdown-rehearsal”" in first.out
    paths = first.out.splitlines()[-6:]
    assert all(Path(path).exists() for path in paths)
    again = run("rehearse", "--visit", "--home", tmp_path, "--json")
    assert again.code == 0
    assert {each["outcome"] for each in again.of("outcome")} == {"already-done"}
    assert all(each["registered"] for each in again.of("line"))
    assert max(each["fxs_port"] for each in again.of("line")) == 22


def test_a_line_is_shown_with_its_numbers_and_its_use_and_a_change_before_its_question(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(2)), "--yes").code == 0
    account = "Harbor Point Tower"
    (shown,) = site.run("lines", "show", account, "Line 2").of("line")
    numbers = shown["caller_id"], shown["e911_callback"], shown["line_use"]
    assert numbers == ("15035550107", "15035550107", "voice")
    facts = dict(
        line.split("  ", 1)
        for line in run("lines", "show", account, "Line 2", *site.options).out.splitlines()
    )
    assert {name: text.strip() for name, text in facts.items()}.items() >= {
        ("caller id", "(503) 555-0107"),
        ("line use", "voice"),
        ("rung by", "(503) 555-0117"),
    }
    asked = run("lines", "move", account, "Line 2", "GW-1:4", *site.options)
    assert asked.code == 2
    head, _, port, *_ = asked.out.splitlines()
    assert head.startswith("“Line 2”, GW-1:2 of Harbor Point Tower (")
    assert port.split() == ["port", "GW-1:2", "GW-1:4"]
    assert "Make 1 write?" in asked.err
    assert "line-on-unplanned-port" not in asked.out + asked.err
    moved = site.run("lines", "move", account, "Line 2", "GW-1:4", "--yes")
    assert (moved.code, {each["event"] for each in moved.events}) == (
        0,
        {"outcome", "artifact", "summary"},
    )


def test_a_line_that_no_job_holds_has_no_known_use(site: Site, tmp_path: Path) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    elsewhere = [*site.options, "--home", tmp_path / "elsewhere"]
    shown = run("lines", "show", "Harbor Point Tower", "Line 1", *elsewhere)
    assert "not known: no job of this home holds the line" in shown.out
    (event,) = run("lines", "show", "Harbor Point Tower", "Line 1", *elsewhere, "--json").of("line")
    assert event["line_use"] is None


def test_hardware_bound_anew_names_what_it_replaces_and_the_sheet_that_is_stale(site: Site) -> None:
    prepared = site.run("prepare", sheet_at(site.folder, rows(1, mac="")))
    job = prepared.events[-2]["job"]
    first, same, other = (
        site.run("bind", job, "GW-1", f"00:50:58:aa:bb:{last}") for last in ("01", "01", "02")
    )
    assert [ran.code for ran in (first, same, other)] == [0, 0, 0]
    (stale,) = (each for each in first.of("finding") if each["code"] == "sheet-stale")
    assert (stale["severity"], "no hardware" in stale["message"]) == ("info", True)
    assert same.codes == {"bound"}
    told = {each["code"]: each for each in other.of("finding")}
    assert told["mac-replaced"]["message"] == "00:50:58:aa:bb:01 stands at GW-1 no more"
    assert (told["sheet-stale"]["severity"], told["sheet-stale"]["remedy"]) == (
        "info",
        f"`punchdown sheet {job}` writes it anew",
    )
    assert site.run("sheet", job, "--format", "csv").code == 0
    again = {each["code"]: each for each in site.run("bind", job, "GW-1", "00:50:58:aa:bb:03").of("finding")}
    assert again["sheet-stale"]["severity"] == "warning"
    assert "has 00:50:58:aa:bb:02 at GW-1" in again["sheet-stale"]["message"]
    assert "sheet-stale" not in site.run("bind", job, "GW-1", "00:50:58:aa:bb:02").codes
    assert again["sheet-stale"]["remedy"] == f"`punchdown sheet {job} --format csv` writes it anew"
