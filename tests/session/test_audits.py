"""What an audit finds, and what it leaves as it is."""

from installer.domain.finding import Severity
from installer.planning.outcome import OutcomeKind
from tests.session.office import YES, Technician, Town, codes, row, rows


async def test_an_audit_of_the_job_finds_what_was_done_behind_our_back(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    town.delete(town.at(2))
    async with ada.session() as session:
        await session.visits.audit(None, YES, None)
        (run,) = session.visits.runs
    assert codes(run.differences) == ["line-gone"]
    assert not run.record.finished


async def test_an_audit_of_a_sheet_compares_all_three_and_keeps_nothing(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(2))
    kept = await ada.rows()
    async with ada.session() as session:
        await session.visits.audit(ada.exported(first), YES, None)
        assert not session.visits.runs[0].differences
    async with ada.session() as session:
        await session.visits.audit(ada.sheet([row(1), row(2, line_name="Freight", jack="9")]), YES, None)
        (run,) = session.visits.runs
    *ahead, differs = run.differences
    assert [(each.code, each.row, each.column) for each in ahead] == [
        ("sheet-ahead", 3, "line_name"), ("sheet-ahead", 3, "jack"),
    ]  # fmt: skip
    assert (differs.code, differs.severity, differs.fxs_port) == ("line-differs", Severity.ERROR, 2)
    assert await ada.rows() == kept
    assert len(town.writes()) == 4


async def test_what_a_run_has_said_is_not_said_again_by_its_audit(ada: Technician) -> None:
    cells = [row(1), row(2, mac="", gateway="GW-2"), row(3, inbound_number="12065550100")]
    (run,) = await ada.apply(cells)
    deferred = [each for each in run.outcomes if each.kind is OutcomeKind.DEFERRED]
    assert len(deferred) == 2
    assert not run.differences
    assert not run.record.finished
    async with ada.session() as session:
        await session.visits.audit(None, YES, None)
        assert len(session.visits.runs[0].differences) == 2
