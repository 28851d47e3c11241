from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.cabling import Rj11Jack
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayModel, GatewayPlace, parse_place
from installer.domain.job import PlatformAddress, PortPlan, PortState, SiteJob
from installer.domain.label import LabelId
from installer.domain.line import Account, LineDraft, parse_line_name
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber
from installer.errors import InvalidValue
from installer.text import safe
from tests.domain.attempts import attempt

NOW = datetime(2026, 1, 2, tzinfo=UTC)
MODEL = GatewayModel("2", "SIP_2", "Two", (Rj11Jack("1"), Rj11Jack("2")), confirmed=True)
DRAFT = LineDraft("Lift", "elevator", TelephoneNumber("12604683252"), TelephoneNumber("12604683253"))


def gateway(name: str, *macs: str) -> Gateway:
    bindings = tuple(Binding(MacAddress(mac), "SN", "scanned", NOW) for mac in macs)
    return Gateway(GatewayPlace(name), MODEL, LabelId("PD-1"), bindings)


def ports(name: str) -> tuple[PortPlan, PortPlan]:
    place = GatewayPlace(name)
    return (
        PortPlan(FxsPort(place, 1), PortState.USE, LabelId("PD-2"), DRAFT),
        PortPlan(FxsPort(place, 2), PortState.SPARE, LabelId("PD-3")),
    )


def job(*gateways: Gateway, plans: tuple[PortPlan, ...]) -> SiteJob:
    return SiteJob(
        "J1",
        PlatformAddress("beta", "https://api.example", "p"),
        Account("a", "1", "A"),
        "Site",
        gateways,
        plans,
    )


def whole() -> SiteJob:
    return job(gateway("GW-1", "005058000001"), gateway("GW-2"), plans=(*ports("GW-1"), *ports("GW-2")))


def test_a_job_finds_its_gateways_ports_and_lines() -> None:
    made = whole()
    first, second = GatewayPlace("GW-1"), GatewayPlace("GW-2")
    assert made.gateway(second).place == second
    assert made.port(FxsPort(second, 2)).state is PortState.SPARE
    assert made.mac_of(FxsPort(first, 1)) == MacAddress("005058000001")
    assert made.mac_of(FxsPort(second, 1)) is None
    assert [(str(plan.port), line.name) for plan, line in made.drafts()] == [
        ("GW-1:1", "Lift"),
        ("GW-2:1", "Lift"),
    ]
    with pytest.raises(KeyError):
        made.gateway(GatewayPlace("GW-3"))
    with pytest.raises(KeyError):
        made.port(FxsPort(first, 3))


def test_a_place_stands_once_whatever_its_case() -> None:
    with pytest.raises(InvalidValue, match="gateway place gw-1 stands twice"):
        job(gateway("GW-1"), gateway("gw-1"), plans=(*ports("GW-1"), *ports("gw-1")))


def test_hardware_stands_at_one_place() -> None:
    plans = (*ports("GW-1"), *ports("GW-2"))
    with pytest.raises(InvalidValue, match="MAC 00:50:58:00:00:01 stands twice"):
        job(gateway("GW-1", "005058000001"), gateway("GW-2", "005058000001"), plans=plans)
    swapped = gateway("GW-1", "005058000001", "005058000002")
    assert job(swapped, gateway("GW-2", "005058000001"), plans=plans).gateways[0].mac == MacAddress(
        "005058000002"
    )


def test_a_jobs_ports_are_exactly_its_gateways_in_order() -> None:
    made = whole()
    for plans in (
        made.ports[1:],
        made.ports[::-1],
        made.ports + ports("GW-3"),
        made.ports + made.ports[:1],
        (),
    ):
        with pytest.raises(InvalidValue, match="not exactly"):
            replace(made, ports=plans)


def test_a_line_stands_exactly_on_ports_in_use() -> None:
    made = whole()
    used, spare = made.ports[:2]
    for plan, words in (
        (replace(used, draft=None), "“use” but lacks a line"),
        (replace(spare, draft=DRAFT), "“spare” but has a line"),
        (replace(spare, draft=DRAFT, state=PortState.OFF), "“off” but has a line"),
    ):
        plans = tuple(plan if plan.port == one.port else one for one in made.ports)
        with pytest.raises(InvalidValue, match=words):
            replace(made, ports=plans)


def test_a_gateway_knows_what_was_last_bound_and_its_jacks() -> None:
    bare, bound = gateway("GW-1"), gateway("GW-1", "005058000001", "005058000002")
    assert (bare.binding, bare.mac) == (None, None)
    assert bound.binding == bound.bindings[1]
    assert bound.jack(2) == Rj11Jack("2")
    assert MODEL.fxs_ports == 2


@given(st.text(max_size=60))
def test_a_place_is_a_short_printable_name_without_colon(text: str) -> None:
    read = attempt(parse_place, text)
    if isinstance(read, GatewayPlace):
        assert ":" not in str(read)
        assert parse_place(str(read)) == read
        assert safe(str(read)) == str(read)
    else:
        assert read.code == "invalid-place"


@pytest.mark.parametrize(
    "text", ["", " ", "a:1", "a\nb", "a  b", "x" * 41, "\x1b[2J", "a\u200bb", "a\u00a0b"]
)
def test_odd_places_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="gateway place"):
        parse_place(text)


@pytest.mark.parametrize("text", ["GW-1", " B2-closet ", "Étage 3, <b>east</b>", "../x"])
def test_usual_places_are_taken(text: str) -> None:
    assert parse_place(text).name == text.strip()


@pytest.mark.parametrize("text", ["", "  ", "x" * 101, "a\nb", "\x1b[31mred"])
def test_odd_line_names_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="name a line") as raised:
        parse_line_name(text)
    assert raised.value.message.isprintable()


def test_usual_line_names_are_taken() -> None:
    assert parse_line_name(" Elevator car 2 ") == "Elevator car 2"


def test_a_line_needs_each_of_its_numbers_once() -> None:
    draft = replace(DRAFT, inbound_numbers=(DRAFT.caller_id, TelephoneNumber("12604683254")))
    assert {str(number) for number in draft.numbers} == {"12604683252", "12604683253", "12604683254"}


def test_an_account_is_active_only_by_the_platforms_word() -> None:
    assert Account("a", "1", "A").is_active
    assert not Account("a", "1", "A", "SUSPENDED").is_active


def test_a_finding_has_no_place_unless_one_is_given() -> None:
    found = Finding(Severity.INFO, "code", "message")
    assert (found.row, found.column, found.gateway, found.life_safety) == (None, None, None, False)


@pytest.mark.parametrize(
    "one, other",
    [
        ("https://api.alianza.com", "HTTPS://API.Alianza.com:443/"),
        ("http://127.0.0.1:8080", "http://localhost:8080"),
        ("http://127.0.0.1:8080", "http://[::1]:8080/"),
        ("http://127.0.0.1", "http://localhost:80"),
    ],
)
def test_a_platform_is_one_however_its_url_is_spelled_and_whatever_its_profile_is_called(
    one: str, other: str
) -> None:
    here, there = PlatformAddress("production", one, "p"), PlatformAddress("custom", other, "p")
    assert (here, hash(here), here.base_url) == (there, hash(there), there.base_url)


@pytest.mark.parametrize("other", ["http://api.example", "https://api.example:8443", "https://b.example"])
def test_another_scheme_port_host_or_partition_is_another_platform(other: str) -> None:
    here = PlatformAddress("beta", "https://api.example", "p")
    assert here != PlatformAddress("beta", other, "p")
    assert here != PlatformAddress("beta", "https://api.example", "q")
