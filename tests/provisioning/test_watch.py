"""Watching registration: how often is asked, what a silence means, what is journalled."""

import asyncio
from itertools import pairwise

import pytest

from installer.errors import PlatformFailure, SignInFailure
from installer.journal.events import LineLost
from installer.provisioning.watch import LEAST_PAUSE, Sighting, keep_looking, look, watch
from installer.rehearsal.faults import Kind
from tests.provisioning.conftest import NewSite
from tests.provisioning.door import Asked
from tests.provisioning.kit import Wanted, draft, port
from tests.provisioning.site import Site

TWO = Wanted(drafts=(draft(0), draft(1)))
PORTS = (port(1), port(2))
STATUS = "*/registrationstatus"


async def made(new_site: NewSite) -> Site:
    site = new_site(TWO, latency=0.0)
    await site.kit.apply()
    return site


async def test_the_watch_ends_as_soon_as_all_are_registered(new_site: NewSite) -> None:
    site = await made(new_site)
    shown: list[tuple[bool | None, ...]] = []
    site.register(site.line_of(site.kit, 1))
    started = site.clock.monotonic()

    def show(sightings: tuple[Sighting, ...]) -> None:
        shown.append(tuple(each.registered for each in sightings))
        site.register(site.line_of(site.kit, 2))

    async with site.kit.visit() as visit:
        last = await watch(visit, PORTS, 600.0, show)
    assert shown == [(True, False), (True, True)]
    assert site.clock.monotonic() - started == pytest.approx(10.0)
    assert last[1].since == site.kit.record.registrations[port(2)].since


async def test_the_watch_asks_less_often_while_nothing_moves_and_ends_in_time(new_site: NewSite) -> None:
    site = await made(new_site)
    asked: list[float] = []

    def note(each: Asked) -> None:
        if each.path.endswith("/registrationstatus"):
            asked.append(site.clock.monotonic())

    site.kit.door.before = note
    started = site.clock.monotonic()
    async with site.kit.visit() as visit:
        last = await watch(visit, (port(1),), 200.0, lambda _: None)
    gaps = [after - before for before, after in pairwise(asked)]
    assert gaps[0] == pytest.approx(10.0)
    assert gaps == sorted(gaps[:-1]) + gaps[-1:]
    assert max(gaps) <= 60.0
    assert site.clock.monotonic() - started == pytest.approx(200.0)
    assert [each.registered for each in last] == [False]


async def test_a_change_is_journalled_once_with_its_flaps(new_site: NewSite) -> None:
    site = await made(new_site)
    line = site.line_of(site.kit, 1)
    rows = 0
    async with site.kit.visit() as visit:
        for registered in (False, True, True, False, True):
            site.register(line, registered=registered)
            rows = site.kit.journal.verify()
            await look(visit, [port(1)])
    assert site.kit.journal.verify() == rows + 1
    held = site.kit.record.registrations[port(1)]
    assert (held.registered, held.flaps) == (True, 1)


async def test_a_look_that_fails_does_not_end_the_watch(new_site: NewSite) -> None:
    site = await made(new_site)
    for number in (1, 2):
        site.register(site.line_of(site.kit, number))
    site.register(site.line_of(site.kit, 2), registered=False)

    def break_down(_: tuple[Sighting, ...]) -> None:
        if not site.platform.faults.rules:
            site.fault(Kind.STATUS, "GET", STATUS, status=500, count=6)
            site.register(site.line_of(site.kit, 2))

    async with site.kit.visit() as visit:
        last = await watch(visit, PORTS, 600.0, break_down)
        assert visit.failures
    assert all(each.registered for each in last)


async def test_a_port_nobody_could_ask_about_is_not_called_unregistered(new_site: NewSite) -> None:
    site = await made(new_site)
    site.register(site.line_of(site.kit, 1))
    device = site.line_of(site.kit, 2).device_id
    site.fault(Kind.STATUS, "GET", f"*/{device}/registrationstatus", status=500, count=None)
    async with site.kit.visit() as visit:
        seen = await look(visit, PORTS)
    assert [(each.registered, each.since is None) for each in seen] == [(True, False), (None, True)]


async def test_a_look_that_learns_nothing_raises(new_site: NewSite) -> None:
    site = await made(new_site)
    site.fault(Kind.STATUS, "GET", STATUS, status=500, count=None)
    async with site.kit.visit() as visit:
        with pytest.raises(PlatformFailure):
            await look(visit, PORTS)


async def test_ports_without_a_line_are_not_asked_about(new_site: NewSite) -> None:
    site = new_site(TWO)
    async with site.kit.visit() as visit:
        assert await look(visit, (*PORTS, port(3))) == ()


class Left(Exception):
    """Nobody looks on any more."""


async def test_looking_on_goes_on_when_all_are_registered_and_through_failures(new_site: NewSite) -> None:
    site = await made(new_site)
    for number in (1, 2):
        site.register(site.line_of(site.kit, number))
    looks: list[tuple[bool | None, ...]] = []
    failures: list[str] = []
    opened: list[float] = []

    async def gate(seconds: float) -> None:
        await site.clock.sleep(seconds)
        opened.append(site.clock.monotonic())
        if len(opened) == 2:
            site.fault(Kind.STATUS, "GET", STATUS, status=400, count=None)
        if len(opened) == 3:
            site.heal()
        if len(opened) == 6:
            raise Left

    async with site.kit.visit() as visit:
        with pytest.raises(Left):
            await keep_looking(
                visit,
                lambda seen: looks.append(tuple(each.registered for each in seen)),
                lambda failure: failures.append(failure.message),
                gate,
            )
    assert looks == [(True, True)] * 4
    assert len(failures) == 1
    gaps = [after - before for before, after in pairwise(opened)]
    assert gaps[0] == pytest.approx(10.0)
    assert gaps[1:] == sorted(gaps[1:])
    assert site.kit.record.looked_at is not None


async def test_who_asks_again_and_again_is_answered_at_most_once_in_five_seconds(new_site: NewSite) -> None:
    site = await made(new_site)
    opened: list[float] = []

    async def gate(_: float) -> None:
        opened.append(site.clock.monotonic())
        if len(opened) == 4:
            raise Left

    async with site.kit.visit() as visit:
        with pytest.raises(Left):
            await keep_looking(visit, lambda _: None, lambda _: None, gate)
    assert [after - before for before, after in pairwise(opened)] == pytest.approx([LEAST_PAUSE] * 3)


async def test_looking_on_ends_where_nobody_signs_in_any_more(new_site: NewSite) -> None:
    site = await made(new_site)

    async def gate(_: float) -> None:
        site.fault(Kind.STATUS, "*", "*", status=401, count=None)

    async with site.kit.visit() as visit:
        with pytest.raises(SignInFailure):
            await keep_looking(visit, lambda _: None, lambda _: None, gate)
    assert site.kit.record.looked_at is None


async def test_a_watch_that_is_cut_short_has_journalled_when_it_looked(new_site: NewSite) -> None:
    site = await made(new_site)
    site.register(site.line_of(site.kit, 1))
    async with site.kit.visit() as visit:
        watching = asyncio.ensure_future(watch(visit, PORTS, 600.0, lambda _: None))
        await asyncio.sleep(25)
        watching.cancel()
        await asyncio.wait([watching])
    record = site.kit.record
    assert record.registrations[port(1)].registered
    assert record.looked_at is not None
    assert record.looked_at >= record.registrations[port(1)].since


async def test_a_first_look_that_fails_is_not_the_end_of_the_watch(new_site: NewSite) -> None:
    site = await made(new_site)
    for number in (1, 2):
        site.register(site.line_of(site.kit, number))
    site.fault(Kind.STATUS, "GET", STATUS, status=403, count=2)
    async with site.kit.visit() as visit:
        last = await watch(visit, PORTS, 600.0, lambda _: None)
    assert [each.registered for each in last] == [True, True]
    assert visit.failures


async def test_a_watch_of_which_no_look_succeeds_ends_as_the_last_failed(new_site: NewSite) -> None:
    site = await made(new_site)
    site.fault(Kind.STATUS, "GET", STATUS, status=403, count=None)
    started = site.clock.monotonic()
    async with site.kit.visit() as visit:
        with pytest.raises(SignInFailure):
            await watch(visit, PORTS, 60.0, lambda _: None)
    assert site.clock.monotonic() - started == pytest.approx(60.0)
    assert site.kit.record.looked_at is None


async def test_nothing_to_watch_is_looked_at_once(new_site: NewSite) -> None:
    site = await made(new_site)
    async with site.kit.visit() as visit:
        assert await watch(visit, (), 600.0, lambda _: None) == ()


async def test_a_line_that_another_run_takes_off_while_it_is_asked_about_is_not_asked_about(
    new_site: NewSite,
) -> None:
    site = await made(new_site)
    held = site.kit.record.lines[port(2)]

    def lost(asked: Asked) -> None:
        if asked.path.endswith("/registrationstatus") and port(2) in site.kit.record.lines:
            site.kit.note(LineLost(port(2), held.line_id))

    site.kit.door.before = lost
    async with site.kit.visit() as visit:
        visit.at_once = 1
        seen = await look(visit, PORTS)
    assert [each.registered for each in seen] == [False, None]
