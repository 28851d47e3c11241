"""Where to send, with DNS answers from a table."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from installer.sip.locate import Hop, Kind, Naptr, Question, Record, Server, Srv, Transport, locate

Zone = Mapping[tuple[Kind, str], Sequence[Record]]
UDP, TCP, TLS = Transport.UDP, Transport.TCP, Transport.TLS

ZONE: Zone = {
    (Kind.NAPTR, "full.example"): [
        Naptr(20, 1, "SIP+D2T", "_sip._tcp.full.example."),
        Naptr(10, 2, "sip+d2u", "_sip._udp.full.example."),
        Naptr(10, 1, "SIPS+D2T", "_sips._tcp.full.example."),
        Naptr(5, 1, "E2U+email", "nothing.example."),
    ],
    (Kind.SRV, "_sip._udp.full.example"): [Srv(2, 0, 5080, "b.example."), Srv(1, 0, 5070, "a.example.")],
    (Kind.SRV, "_sip._tcp.full.example"): [Srv(1, 0, 5090, "a.example.")],
    (Kind.SRV, "_sips._tcp.full.example"): [Srv(1, 0, 5061, ".")],
    (Kind.SRV, "_sip._tcp.srvonly.example"): [Srv(1, 0, 5062, "192.0.2.9")],
    (Kind.ADDRESS, "a.example"): ["192.0.2.1", "2001:db8::1"],
    (Kind.ADDRESS, "b.example"): ["192.0.2.2"],
    (Kind.ADDRESS, "plain.example"): ["192.0.2.3"],
}


def _locate(
    server: Server, zone: Zone = ZONE, pick: Callable[[int], int] = lambda n: n
) -> tuple[list[Hop], list[Question]]:
    looking, asked = locate(server, pick), []
    try:
        question = next(looking)
        while True:
            asked.append(question)
            question = looking.send(zone.get((question.kind, question.name), ()))
    except StopIteration as end:
        hops: list[Hop] = end.value
        return hops, asked


@pytest.mark.parametrize(
    "server,hop",
    [
        (Server("192.0.2.7"), Hop(UDP, "192.0.2.7", 5060, "192.0.2.7")),
        (Server("192.0.2.7", secure=True), Hop(TLS, "192.0.2.7", 5061, "192.0.2.7")),
        (Server("192.0.2.7", 5080, TCP), Hop(TCP, "192.0.2.7", 5080, "192.0.2.7")),
        (Server("[2001:db8::7]"), Hop(UDP, "2001:db8::7", 5060, "[2001:db8::7]")),
    ],
)
def test_an_address_is_sent_to_without_a_question(server: Server, hop: Hop) -> None:
    assert _locate(server) == ([hop], [])


def test_a_port_needs_only_addresses() -> None:
    hops, asked = _locate(Server("plain.example", 5070))
    assert hops == [Hop(UDP, "192.0.2.3", 5070, "plain.example")]
    assert [question.kind for question in asked] == [Kind.ADDRESS]


def test_naptr_gives_transports_in_its_order_and_srv_the_hosts_in_theirs() -> None:
    hops, _ = _locate(Server("full.example"))
    assert [(hop.transport, hop.address, hop.port) for hop in hops] == [
        (UDP, "192.0.2.1", 5070),
        (UDP, "2001:db8::1", 5070),
        (UDP, "192.0.2.2", 5080),
        (TCP, "192.0.2.1", 5090),
        (TCP, "2001:db8::1", 5090),
    ]


def test_without_naptr_every_transport_is_asked_for() -> None:
    hops, asked = _locate(Server("srvonly.example"))
    assert hops == [Hop(TCP, "192.0.2.9", 5062, "192.0.2.9")]
    assert [question.name for question in asked if question.kind is Kind.SRV] == [
        "_sip._udp.srvonly.example",
        "_sip._tcp.srvonly.example",
        "_sips._tcp.srvonly.example",
    ]


def test_a_given_transport_asks_for_that_service_alone() -> None:
    hops, asked = _locate(Server("full.example", transport=TCP))
    assert {hop.transport for hop in hops} == {TCP}
    assert Kind.NAPTR not in {question.kind for question in asked}


def test_a_sips_uri_is_never_sent_in_the_clear() -> None:
    hops, asked = _locate(Server("full.example", secure=True))
    assert hops == []
    assert [question.name for question in asked if question.kind is Kind.SRV] == ["_sips._tcp.full.example"]


def test_without_any_service_record_the_host_itself_is_tried() -> None:
    assert _locate(Server("plain.example"))[0] == [Hop(UDP, "192.0.2.3", 5060, "plain.example")]


@pytest.mark.parametrize("drawn,first", [(0, "x0"), (1, "x1"), (10, "x1"), (11, "x90"), (100, "x90")])
def test_srv_weights_are_drawn_as_rfc_2782_has_it(drawn: int, first: str) -> None:
    name = "_sip._udp.w.example"
    zone: Zone = {
        (Kind.SRV, name): [Srv(1, 90, 1, "x90"), Srv(1, 0, 1, "x0"), Srv(1, 10, 1, "x1")],
        **{(Kind.ADDRESS, host): ["192.0.2.1"] for host in ("x90", "x0", "x1")},
    }
    hops, _ = _locate(Server("w.example", transport=UDP), zone, lambda n: min(drawn, n))
    assert hops[0].name == first
    assert {hop.name for hop in hops} == {"x90", "x0", "x1"}
