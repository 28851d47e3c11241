"""Whatever names a sheet or the platform brings: nothing of it acts on a terminal or breaks the JSON."""

from dataclasses import replace

import pytest

from tests.cli.kit import Site, rows, run, sheet_at
from tests.hostile import EVIL, hidden


def assert_calm(text: str) -> None:
    for line in text.split("\n"):
        assert len(line) < 1500
        assert not hidden(line)


@pytest.mark.parametrize("evil", EVIL)
def test_names_from_a_sheet(site: Site, evil: str) -> None:
    text = (
        rows(1).replace("Line 1", '"' + evil + '"').replace(",4,1,", f",4{evil[:9]!r},1,".replace("\\", "_"))
    )
    sheet = site.folder / "site.csv"
    sheet.write_bytes(text.encode("utf-8", "surrogatepass"))
    for arguments in (["--json"], []):
        ran = run("plan", sheet, *site.options, *arguments)
        assert ran.code == 2
        assert_calm(ran.out + ran.err)


@pytest.mark.parametrize("evil", EVIL)
def test_names_from_the_platform(site: Site, evil: str) -> None:
    sheet = sheet_at(site.folder, rows(2))
    assert site.run("apply", sheet, "--yes").code == 0

    def rename() -> None:
        world = site.platform.desk.world
        for line in list(world.lines.values()):
            world.replace_line(replace(line, name=evil))

    site.thread.call(rename)
    for verb in (["lines", "list", "Harbor Point Tower"], ["audit"], ["plan", str(sheet)]):
        for arguments in (["--json"], []):
            ran = run(*verb, *site.options, *arguments)
            assert_calm(ran.out + ran.err)
            assert ran.code in {0, 11}


def test_words_of_the_command_line_itself() -> None:
    for word in EVIL:
        ran = run(word)
        assert ran.code == 2
        assert_calm(ran.out + ran.err)
