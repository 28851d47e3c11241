"""Lines that are moved from port to port: in the plan at once, on the platform as a run of its own."""

from pathlib import Path

from installer.rehearsal.faults import Kind
from installer.session.drafting import filling
from tests.tui.stage import Stage, stage
from tests.tui.test_ports import ports
from tui.screens.dialog import Question

NAMES = ["Fax 1", "Fax 2", "Fax 3", ""]


async def moving(on: Stage) -> None:
    """The first line is to be moved to the last port, and a person agreed."""
    await on.press("ctrl+t")
    await on.typed(":4")
    await on.seen()
    await on.press("enter")
    await on.seen(Question)
    await on.press("right", "enter")


def lines_of(on: Stage) -> list[int]:
    assert on.app.record is not None
    return sorted(port.number for port in on.app.record.lines)


async def test_a_line_moves_to_a_spare_port_and_swaps_with_another(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.paste("Ab\nCd")
        await on.press("ctrl+t")
        await on.typed(":3")
        await on.seen()
        await on.press("enter")
        assert [row["line_name"] for row in on.draft.rows] == ["", "Cd", "Ab", ""]
        await on.press("down", "ctrl+t")
        await on.typed(":3")
        await on.seen()
        assert "swap" in on.text
        await on.press("enter")
        assert [row["line_name"] for row in on.draft.rows] == ["", "Ab", "Cd", ""]


async def test_a_line_that_stands_is_moved_on_the_platform_with_its_own_question(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await on.go("Ports")
        await on.press("ctrl+t")
        await on.seen()
        assert "moved there, at once" in on.text
        await on.typed(":4")
        await on.press("enter")
        await on.until(lambda: "Move a line that stands" in on.text)
        await on.seen()
        for words in ("port: GW-1:1 → GW-1:4", "that of GW-1:4"):
            assert words in on.text
        while on.app.focused is None or on.app.focused.id != "yes":
            await on.press("right")
        await on.press("enter")
        await on.until(lambda: "moved on the platform" in on.text)
        record = on.app.record
        assert record is not None
        assert sorted(port.number for port in record.lines) == [2, 3, 4]
        assert [row["line_name"] for row in on.draft.rows] == ["", "Fax 2", "Fax 3", "Fax 1"]


async def test_a_move_that_was_refused_is_told_as_such_and_the_draft_stays(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        on.app.edit(lambda draft: filling.set_cell(draft, 1, "location", "Roof"))
        on.fault(Kind.STATUS, "*/specialty-line/*", "PUT", status=400)
        await on.go("Ports")
        await moving(on)
        await on.until(lambda: "GW-1:4: not changed: " in on.text)
        assert lines_of(on) == [1, 2, 3]
        assert [row["line_name"] for row in on.draft.rows] == NAMES
        assert not any("moved on the platform" in text for _, text, _ in on.app.said)


async def test_a_move_nobody_knows_of_is_not_called_done_and_the_draft_has_what_the_job_has(
    folder: Path,
) -> None:
    async with stage(folder) as on:
        await on.stand()
        on.app.edit(lambda draft: filling.set_cell(draft, 1, "location", "Roof"))
        await on.go("Ports")
        on.fault(Kind.STATUS, "*/specialty-line/*", "PUT", status=500)
        await moving(on)
        await on.until(lambda: "GW-1:4: not known yet whether it was changed" in on.text)
        assert lines_of(on) == [2, 3, 4]
        assert [row["line_name"] for row in on.draft.rows] == ["", "Fax 2", "Fax 3", "Fax 1"]
        assert on.draft.rows[1]["location"] == "Roof"
        await on.press("ctrl+z")
        assert "nothing to take back" in on.text
        on.heal()
        await on.go("Provision")
        await on.press("f5")
        for question in ("Accept this?", "Make 1 write?"):
            await on.until(lambda: question in on.text)  # noqa: B023 - asked at once
            await on.seen(Question)
            await on.press("right", "enter")
        await on.until(lambda: not on.app.is_writing, 30)
        assert on.app.record is not None
        assert not any(on.app.record.unknown_steps())


async def test_a_move_is_a_run_that_nothing_ends_and_that_is_asked_for_on_leaving(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand(lines=2)
        await on.go("Ports")
        await on.until(lambda: not on.app.works("look"))
        on.fault(Kind.SLOW, "*/specialty-line/*", "PUT", seconds=4.0)
        await moving(on)
        await on.until(lambda: bool(on.app.progress.interrupted()))
        await on.press("down", "ctrl+t")
        await on.typed(":3")
        await on.seen()
        await on.press("enter")
        assert any("a run is under way" in text for _, text, _ in on.app.said)
        await on.press("f10")
        await on.seen(Question)
        assert "Something is being written" in on.text
        await on.press("escape", "f4")
        await on.until(lambda: not on.app.is_writing, 30)
        assert lines_of(on) == [2, 4]
        assert any("moved on the platform" in text for _, text, _ in on.app.said)


async def test_a_line_that_stands_stays_where_nobody_agreed(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await on.go("Ports")
        await on.press("ctrl+t")
        await on.typed(":2")
        await on.seen()
        await on.press("enter")
        assert "the line of GW-1:1 stands: move it to a spare port first" in on.text
        await on.press("ctrl+t")
        await on.typed(":4")
        await on.seen()
        await on.press("enter")
        await on.until(lambda: "Move a line that stands" in on.text)
        await on.press("escape")
        await on.until(lambda: "nothing was written" in on.text)
        record = on.app.record
        assert record is not None
        assert sorted(port.number for port in record.lines) == [1, 2, 3]
        assert on.draft.rows[0]["line_name"] == "Fax 1"
