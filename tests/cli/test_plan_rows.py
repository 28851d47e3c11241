"""A plan's table: neighbours together, whatever a person has to look at by itself, nobody left out."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from installer.cli.plan_rows import gateway_rows, plan_rows
from installer.cli.tables import WIDTH, columns_of, table, unbroken, wrapped
from installer.domain.credential import CredentialSource
from installer.domain.finding import Acceptable, Finding, Severity
from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayPlace
from installer.domain.job import PlatformAddress, PortPlan, PortState, SiteJob
from installer.domain.label import LabelId
from installer.domain.line import Account, DeviceSlot, LineChanges, LineDraft
from installer.domain.mac import parse_mac
from installer.domain.numbers import Reference, TelephoneNumber
from installer.planning.planner import OUTCOME_UNKNOWN
from installer.planning.record import JobRecord
from installer.planning.steps import Blocked, CreateLine, Deferral, Plan, RouteNumber, Step, UpdateLine
from installer.profiles import Profiles
from installer.session.promise import promised

PLACE = GatewayPlace("GW-1")
MAC = parse_mac("00:50:58:10:20:08")


def at(port: int, place: GatewayPlace = PLACE) -> FxsPort:
    return FxsPort(place, port)


def tn(index: int) -> TelephoneNumber:
    return TelephoneNumber(f"1503555{index:04}")


def create(port: int, callback: int = 1, place: GatewayPlace = PLACE) -> CreateLine:
    draft = LineDraft(f"Line no {port}", "voice", tn(1), tn(callback))
    slot = DeviceSlot(MAC, port, "SIP_24_Port_MTA")
    return CreateLine(at(port, place), slot, draft, ("plan",), CredentialSource.GENERATED)


def route(port: int, prior: Reference | None = None) -> RouteNumber:
    return RouteNumber(at(port), tn(port), None, prior)


def of(
    *steps: Step,
    deferred: tuple[Deferral, ...] = (),
    blocked: tuple[Blocked, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Plan:
    return Plan("J", datetime(2026, 1, 1, tzinfo=UTC), steps, (), deferred, blocked, findings)


def test_neighbours_that_get_the_same_share_a_row_with_each_name() -> None:
    plan = of(*(step for port in (1, 2, 3, 7) for step in (create(port), route(port))))
    assert [(port, step) for port, step, _ in plan_rows(plan)] == [
        ("GW-1:1-3", "new line"),
        ("GW-1:7", "new line"),
        ("GW-1:1-3", "number route"),
        ("GW-1:7", "number route"),
    ]
    lines, numbers = (about.replace("\xa0", " ") for _, _, about in plan_rows(plan)[::2])
    assert lines == "3 lines: 1 Line no 1, 2 Line no 2, 3 Line no 3"
    assert numbers == "3 numbers: 1 (503) 555-0001, 2 (503) 555-0002, 3 (503) 555-0003"


def test_an_update_and_a_number_taken_from_a_line_each_have_a_row() -> None:
    was, will = ("name “A”", "caller id 1"), ("name “B”", "caller id 2")
    updates = [UpdateLine(at(port), "id", LineChanges(name="B"), was, will) for port in (1, 2)]
    rows = plan_rows(of(*updates, route(1, Reference("SPECIALTY_LINE", "x")), route(2)))
    assert [port for port, _, _ in rows] == ["GW-1:1", "GW-1:2", "GW-1:1", "GW-1:2"]
    assert rows[0][2] == "name “A” becomes name “B”; caller id 1 becomes caller id 2"
    assert "rings another line" in rows[2][2]


def test_a_line_that_a_warning_is_about_stands_by_itself_and_says_which() -> None:
    lives = Finding(Severity.WARNING, Acceptable.SHARED_CALLBACK, "", value=str(tn(9)), life_safety=True)
    at_port = Finding(Severity.ERROR, "calling-plan", "", gateway=PLACE, fxs_port=5)
    said = Finding(Severity.INFO, "use-not-said", "", gateway=PLACE, fxs_port=1)
    steps = [create(port, callback=9 if port == 3 else 1) for port in range(1, 7)]
    rows = plan_rows(of(*steps, findings=(lives, at_port, said)))
    assert [port for port, _, _ in rows] == ["GW-1:1-2", "GW-1:3", "GW-1:4", "GW-1:5", "GW-1:6"]
    assert (rows[1][2], rows[3][2]) == ("Line no 3 (! shared-callback)", "Line no 5 (! calling-plan)")


def test_ports_that_are_left_or_blocked_for_the_same_reason_share_a_row() -> None:
    later = tuple(Deferral(at(port), "gateway-unbound", "no hardware") for port in (1, 2, 3))
    other = Deferral(at(4), "number-not-on-account", "no number")
    blocked = (
        *(Blocked(at(port), "mac-on-other-account", "another account's") for port in (5, 6)),
        Blocked(at(7), "taken", "something else"),
    )
    assert plan_rows(of(deferred=(*later, other), blocked=blocked)) == [
        ("GW-1:1-3", "… later", "no hardware"),
        ("GW-1:4", "… later", "no number"),
        ("GW-1:5-6", "✗ blocked", "another account's"),
        ("GW-1:7", "✗ blocked", "something else"),
    ]


@given(st.sets(st.tuples(st.sampled_from(["GW-1", "B 2"]), st.integers(1, 50)), min_size=1))
def test_every_line_is_told_once_whatever_stands_together(ports: set[tuple[str, int]]) -> None:
    rows = plan_rows(of(*(create(port, place=GatewayPlace(place)) for place, port in ports)))
    told = set()
    for span, _, about in rows:
        place, _, numbers = span.rpartition(":")
        first, _, last = numbers.partition("-")
        covered = range(int(first), int(last or first) + 1)
        told |= {(place, port) for port in covered}
        names = about.partition(": ")[2].split(", ") if last else [f"{first}\xa0{about}"]
        assert [name.replace("\xa0", " ") for name in names] == [f"{port} Line no {port}" for port in covered]
    assert told == ports
    assert sum(len(about.split("Line")) - 1 for _, _, about in rows) == len(ports)


def test_a_row_wraps_its_last_column_between_words_and_never_breaks_what_is_held_together() -> None:
    path = "/home/ada/Application Support/punchdown/" + "x" * 60
    (_, lines) = table(("port", "why"), [("GW-1:1", f"a sentence of words, then {unbroken(path)} and so on")])
    assert path in [line.strip() for line in lines]
    assert {line[:8] for line in lines[1:]} == {" " * 8}
    assert all(columns_of(line) <= WIDTH for line in lines if path not in line)
    assert wrapped(unbroken(path)) == [path]


@given(
    st.integers(0, 90), st.sampled_from(["`punchdown sheet J2K7`", "--accept other-user", "(503) 555-0107"])
)
def test_what_is_to_be_copied_is_never_broken(before: int, copied: str) -> None:
    lines = wrapped(f"{'x' * before} {copied} and more words behind it " + "word " * 20, "    ")
    assert any(copied in line for line in lines)
    assert all(columns_of(line) <= WIDTH or " " not in line.strip() for line in lines)


MODEL = next(each for each in Profiles.load(None).gateways.values() if each.fxs_ports == 4)
LABEL = LabelId("AAAA2222")


def job_of(rung: dict[int, tuple[TelephoneNumber, ...]], *bound: bool) -> SiteJob:
    """A 4-port gateway for each of `bound`; the first has a line on each port of `rung`."""
    binding = Binding(MAC, "", "scanned", datetime(2026, 1, 1, tzinfo=UTC))
    places = [GatewayPlace(f"GW-{number}") for number in range(1, len(bound) + 1)]
    gateways = tuple(
        Gateway(place, MODEL, LABEL, (binding,) if stands else ())
        for place, stands in zip(places, bound, strict=True)
    )
    drafts = {at(port): LineDraft("L", "voice", tn(1), tn(1), (), numbers) for port, numbers in rung.items()}
    ports = tuple(
        PortPlan(port, PortState.USE if port in drafts else PortState.SPARE, LABEL, drafts.get(port))
        for place in places
        for port in (at(number, place) for number in range(1, 5))
    )
    account = Account("id", "100200", "Tower", "ACTIVE")
    return SiteJob("J", PlatformAddress("rehearsal", "x", "p"), account, "Tower", gateways, ports)


def test_the_head_of_a_plan_says_which_box_stands_where_and_which_place_has_none() -> None:
    waiting = Deferral(at(1, GatewayPlace("GW-2")), "gateway-unbound", "no hardware")
    assert gateway_rows(job_of({}, True, False, False), of(create(1), deferred=(waiting,))) == [
        ("GW-1", MODEL.name, "MAC 00:50:58:10:20:08"),
        ("GW-2", MODEL.name, "not bound"),
    ]


def test_a_plan_says_how_many_more_writes_may_follow_from_creates_to_be_looked_up() -> None:
    job = job_of({1: (tn(1),), 2: (tn(2), tn(3)), 3: ()}, True)
    record = JobRecord(job, datetime(2026, 1, 1, tzinfo=UTC))
    unknown = tuple(Deferral(at(port), OUTCOME_UNKNOWN, "") for port in (1, 2))
    assert promised(record, of(), 28) == "28 writes"
    assert promised(record, of(deferred=unknown[:1]), 1) == (
        "1 write, and up to 2 more once an earlier create is looked up"
    )
    assert promised(record, of(deferred=unknown), 0) == (
        "no writes, and up to 5 more once 2 earlier creates are looked up"
    )
