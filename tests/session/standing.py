"""Acts on lines that stand, lines that no job made, and what must agree afterwards."""

from collections.abc import Awaitable, Callable

from installer.domain.line import DeviceSlot
from installer.domain.mac import parse_mac
from installer.domain.numbers import TelephoneNumber
from installer.rehearsal import seed
from installer.rehearsal.things import Line
from installer.session import Session
from installer.session.run import JobRun
from tests.session.office import MACS, Technician, Town, number, read_back

Act = Callable[[Session], Awaitable[None]]


def tn(index: int) -> TelephoneNumber:
    return TelephoneNumber(number(index))


def slot(port: int, mac: str = MACS[5]) -> DeviceSlot:
    return DeviceSlot(parse_mac(mac), port, "SIP_4_Port_MTA")


def loose_line(town: Town, name: str = "Old alarm", port: int | None = 1, mac: str = MACS[5]) -> Line:
    """A line that no job of any home made."""
    desk = town.thread.platform.desk

    def make() -> Line:
        device = port is not None
        line = Line(
            id=desk.world.new_uuid(),
            account_id=seed.TOWER.id,
            partition_id=seed.PARTITION,
            name=name,
            caller_id=number(40),
            e911_callback_number=number(40),
            calling_plan_ids=("planSpecialtyUnlim0001",),
            device_type="SIP_4_Port_MTA" if device else None,
            device_id=desk.world.new_uuid() if device else None,
            mac_address=mac.replace(":", "") if device else None,
            port_number=port,
            sip_username=f"old-alarm-{port or 0}-{mac[-1]}",
            sip_password="set-long-ago-0000",
            created_at=0.0,
        )
        desk.world.create_line(line, (0.0, 0), 0.0)
        return line

    return town.change(make)


async def act(who: Technician, work: Act) -> JobRun:
    """The run that `work` on the lines of the account made, or the failure that came before one."""
    async with who.session() as session:
        await work(session)
        (run,) = session.visits.runs
        return run


async def agrees(who: Technician, town: Town) -> None:
    """Journal, sheet and platform say the same of every line of the job, and an apply has nothing to do."""
    before = town.requests
    (run,) = await who.apply("Tower")
    assert run.error is None
    assert town.requests == before
    assert run.record.finished
    sheet = read_back(who.exported(run))
    platform = {(line.mac_address, line.port_number): line for line in town.lines}
    for port, held in run.record.lines.items():
        mac = run.record.job.mac_of(port)
        assert mac is not None
        line = platform[mac.bare, port.number]
        said = sheet[port]
        assert said.draft is not None
        assert said.credential is not None
        assert (line.id, line.name, line.caller_id) == (
            held.line_id,
            said.draft.name,
            said.draft.caller_id.digits,
        )
        assert (line.sip_username, line.sip_password) == (
            said.credential.username.text,
            said.credential.password.reveal(),
        )
