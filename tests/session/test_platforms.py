"""A job belongs to the platform it was made for, however spelled; one that is real is known as such."""

from pathlib import Path

import pytest

from installer.errors import UsageFault
from installer.session import Session, Settings
from tests.session.office import YES, Technician, Town, rows


async def test_a_job_is_not_written_on_another_platform(ada: Technician, town: Town, elsewhere: Town) -> None:
    (first,) = await ada.apply(rows(1))
    await ada.prepare(rows(2))
    before = town.requests
    async with ada.session(base_url=elsewhere.thread.platform.url) as session:
        await session.visits.apply(first.record.job.id, YES)
        await session.visits.undo(first.record.job.id, YES, None)
        for run in session.visits.runs:
            assert isinstance(run.error, UsageFault)
            assert run.error.code == "wrong-platform"
    assert (town.requests, elsewhere.requests) == (before, [])


async def test_a_sheet_on_another_platform_is_another_job(ada: Technician, elsewhere: Town) -> None:
    (first,) = await ada.prepare(rows(1))
    async with ada.session(base_url=elsewhere.thread.platform.url) as session:
        await session.visits.prepare(ada.sheet(rows(1)), YES)
        (other,) = session.visits.runs
    assert other.record.job.id != first.record.job.id


async def test_the_same_platform_under_another_spelling_has_the_same_job(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(rows(2))
    spelled = town.thread.platform.url.replace("127.0.0.1", "LOCALHOST") + "/"
    async with ada.session(base_url=spelled) as session:
        await session.visits.apply(ada.sheet(rows(2)), YES)
        (again,) = session.visits.runs
        assert again.error is None
        assert again.record.job.id == run.record.job.id
    async with ada.session(platform="production") as session:
        await session.visits.apply(None, YES)
        assert session.visits.runs[0].error is None
    assert len(town.writes("create-line")) == 2


@pytest.mark.parametrize(
    "named, is_warned_of",
    [
        ({}, False),
        ({"platform": "rehearsal"}, False),
        ({"platform": "beta"}, False),
        ({"platform": "production"}, True),
        ({"platform": "ours"}, True),
        ({"base_url": "https://API.alianza.com/"}, True),
        ({"platform": "beta", "base_url": "https://api.alianza.com"}, True),
        ({"platform": "production", "base_url": "http://127.0.0.1:9"}, True),
        ({"base_url": "http://127.0.0.1:9"}, False),
        ({"platform": "unheard-of"}, False),
    ],
)
def test_who_writes_is_warned_by_name_and_by_address(
    folder: Path, named: dict[str, str], is_warned_of: bool
) -> None:
    own = folder / "profiles" / "platforms"
    own.mkdir(parents=True)
    profile = 'title = "Ours"\nbase_url = "https://api.example"\nwarning = "real lines"\n'
    (own / "ours.toml").write_text(profile, "utf-8")
    login = Session(Settings(folder, **named)).login  # type: ignore[arg-type]
    assert bool(login.warning) is is_warned_of
