"""What a person reads where a run stopped or was in the way: whose it is, what is left, what comes next."""

import re
import shlex
from pathlib import Path

from installer.rehearsal import seed
from installer.rehearsal.faults import Kind, Rule
from tests.cli.kit import NUMBERS, Site, rows, run, sheet_at

OPTIONS = ["--platform", "rehearsal"]


def test_a_line_in_the_way_is_named_with_its_job_and_the_command_that_looks(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    (line,) = site.thread.call(site.platform.lines)
    other = rows(1, name="Other").replace("Tower,,", "Tower,Annex,").replace(NUMBERS[0] + "\n", "\n")
    second = sheet_at(site.folder, other, "annex.csv")
    ways = []
    for ran in (site.run("plan", second), site.run("apply", second, "--yes")):
        assert ran.code == 5
        ways += [each for each in ran.of("finding") if each["code"] == "in-the-way"]
    assert len(ways) == 2
    for way in ways:
        assert "the line on GW-1:1 is held by GW-1:1 of Harbor Point Tower (J" in way["message"]
        assert way["remedy"].startswith(f"`punchdown lines show 100200 {line.id}`")
    look = shlex.split(ways[0]["remedy"].split("`")[1])[1:]
    assert run(*look, *site.options).code == 0


def test_hardware_of_another_account_is_told_once_with_the_command_that_looks(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    others = rows(2, name="Other").replace("Harbor Point Tower,", "Cedar Ridge Medical,")
    others = re.sub(r"503555\d+,503555\d+,503555\d+", "9715550100,9715550100,", others)
    plan = run("plan", sheet_at(site.folder, others, "clinic.csv"), *site.options)
    told = " ".join(plan.out.split())
    assert (plan.code, "is held by" in told) == (5, False)
    assert "GW-1:1-2 ✗ blocked 00:50:58:aa:bb:01 is already in use on account “Harbor" in told
    (look,) = re.findall("`punchdown (lines list [0-9]+)`", told)
    assert "Line 1" in run(*look.split(), *site.options).out


def test_a_number_that_rings_another_jobs_line_is_named_with_it_and_a_strangers_with_nobody(
    site: Site,
) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    text = rows(2, name="Other", mac="00:50:58:aa:bb:02").replace("Tower,,", "Tower,Annex,")
    text = text.replace(NUMBERS[1] + "\n", f"{_end_users_number(site)}\n")
    ran = site.run("plan", sheet_at(site.folder, text, "annex.csv"))
    assert ran.code == 5
    ours, strangers = (each for each in ran.of("finding") if each["code"] == "in-the-way")
    assert "(503) 555-0107 is held by GW-1:1 of Harbor Point Tower (J" in ours["message"]
    assert strangers["message"].endswith("is held by no job of this home")
    assert (
        ours["remedy"] == strangers["remedy"] == "`punchdown lines list 100200` shows what each number rings"
    )


def _end_users_number(site: Site) -> str:
    numbers = site.thread.call(lambda: list(site.platform.desk.world.numbers.values()))
    held = (each for each in numbers if each.get("referenceType") == "END_USER")
    return next(str(each["phoneNumber"]) for each in held if each["accountId"] == seed.TOWER.id)


def test_an_undo_lists_the_lines_in_service_once_each_and_says_how_one_is_taken_off(tmp_path: Path) -> None:
    options = [*OPTIONS, "--home", tmp_path]
    assert run("apply", sheet_at(tmp_path, rows(3)), "--yes", *options).code == 0
    assert run("watch", "--for", "20", *options).code == 0
    kept = run("undo", "--yes", *options)
    assert kept.code == 2
    assert "3 lines stay, they are in service: --confirm NAME takes it off all the same" in kept.out
    assert [line.split() for line in kept.out.splitlines() if " Line " in line][-3:] == [
        ["GW-1:1", "Line", "1"], ["GW-1:2", "Line", "2"], ["GW-1:3", "Line", "3"],
    ]  # fmt: skip
    assert all(len(line) <= 80 for line in kept.out.splitlines() if not line.startswith("/"))
    gone = run("undo", "--yes", "--confirm", "Line 2", *options)
    assert (gone.code, "2 lines stay" in gone.out, "✓ undone: 1 new line\n" in gone.out) == (2, True, True)


def test_lines_are_listed_in_80_columns_and_one_is_shown_with_whether_it_registers(tmp_path: Path) -> None:
    options = [*OPTIONS, "--home", tmp_path]
    assert run("apply", sheet_at(tmp_path, rows(2)), "--yes", *options).code == 0
    listed = run("lines", "list", "100200", *options).out.splitlines()
    assert listed[0].split() == ["line", "gateway", "FXS", "rung", "by", "job"]
    assert listed[1].split()[:6] == ["Line", "1", "GW-1", "1", "(503)", "555-0107"]
    assert max(map(len, listed)) <= 80
    assert "registered     ✗ no, looked up" in run("lines", "show", "100200", "Line 1", *options).out
    assert run("watch", "--for", "20", *options).code == 0
    assert "registered     ✓ yes, looked up" in run("lines", "show", "100200", "Line 1", *options).out
    (event,) = run("lines", "show", "100200", "Line 1", *options, "--json").of("line")
    assert (event["registered"], bool(event["checked_at"])) == (True, True)


def test_a_line_whose_registration_the_platform_does_not_tell_is_not_called_unregistered(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    site.faults(Rule(Kind.STATUS, method="GET", path="*/registrationstatus", status=404, count=None))
    shown = run("lines", "show", "100200", "Line 1", *site.options).out
    assert "registered     ? the platform did not tell, looked up" in shown


def test_another_homes_line_is_told_by_the_end_of_its_hardware(site: Site, tmp_path: Path) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    other = [*site.options[2:], "--home", str(tmp_path / "elsewhere")]
    (row,) = run("lines", "list", "100200", *other).out.splitlines()[1:]
    assert row.split()[2:4] == ["…aa:bb:01", "1"]
    assert row.split()[-1] == "-"


def test_one_fault_of_a_gateway_is_said_once_with_its_rows_and_to_programs_row_by_row(site: Site) -> None:
    sheet = sheet_at(site.folder, rows(3, mac="00:50:58:zz"))
    told = [each for each in site.run("plan", sheet).of("finding") if each["code"] == "invalid-mac"]
    assert [each["row"] for each in told] == [2, 3, 4]
    people = run("plan", sheet, *site.options)
    assert people.err.count("invalid-mac") == 1
    assert "(GW-1, rows 2, 3, 4, column mac, “00:50:58:zz”)" in " ".join(people.err.split())


def test_hardware_is_exchanged_today_as_bind_says_it(site: Site) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(1)), "--yes").code == 0
    swapped = site.run("bind", "Harbor Point Tower", "GW-1", "00:50:58:aa:bb:09")
    (refused,) = (each for each in swapped.of("finding") if each["code"] == "swap-needed")
    assert "`lines move` each line there" in refused["remedy"]
    spare = "Harbor Point Tower,,GW-1b,00:50:58:aa:bb:09,4,1,,,,,\n"
    assert site.run("apply", sheet_at(site.folder, rows(1) + spare), "--yes").code == 0
    assert site.run("lines", "move", "100200", "Line 1", "GW-1b:1", "--yes").code == 0
    (line,) = site.thread.call(site.platform.lines)
    assert (line.mac_address, line.port_number) == ("005058aabb09", 1)
