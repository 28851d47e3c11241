"""Findings on the job as a whole, one test a rule."""

from dataclasses import replace

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import GatewayPlace
from installer.domain.job import SiteJob
from installer.domain.line import Account
from installer.domain.mac import MacAddress
from installer.planning.preflight import gateway_obstacle, is_life_safety, preflight
from installer.planning.snapshot import Snapshot
from tests.planning.jobs import (
    ACCOUNT,
    MODEL,
    NUMBERS,
    OTHER,
    USES,
    draft,
    gateway,
    held,
    job,
    line,
    snapshot,
)


def found(made: SiteJob, seen: Snapshot, code: str) -> list[Finding]:
    return [finding for finding in preflight(made, seen, USES) if finding.code == code]


def test_a_job_in_order_has_no_finding() -> None:
    assert preflight(job(draft(1), draft(2)), snapshot(), USES) == ()


def test_an_account_out_of_service_is_warned_of() -> None:
    suspended = replace(ACCOUNT, status="SUSPENDED")
    (finding,) = found(job(draft(1)), snapshot(account=suspended), "account-not-active")
    assert "SUSPENDED" in finding.message


def test_jacks_that_nobody_confirmed_are_said() -> None:
    unsure = gateway(model=replace(MODEL, confirmed=False))
    assert found(job(draft(1), gateways=(unsure,)), snapshot(), "jacks-unconfirmed")


def test_another_vendor_s_mac_is_warned_of_and_an_unbound_gateway_is_not() -> None:
    foreign = job(draft(1), gateways=(gateway(MacAddress("001122334455")),))
    assert found(foreign, snapshot(), "mac-vendor")[0].value == "00:11:22:33:44:55"
    assert not found(job(draft(1), gateways=(gateway(None),)), snapshot(), "mac-vendor")


def test_a_line_on_a_port_that_the_job_keeps_free_is_said() -> None:
    (finding,) = found(job(draft(1)), snapshot(line(1), line(3)), "line-on-unplanned-port")
    assert finding.fxs_port == 3


def test_a_number_that_the_carrier_does_not_serve_is_warned_of_and_a_missing_one_is_not() -> None:
    seen = snapshot(numbers=(held(1, carrier_status="PORT_PENDING"),))
    assert len(found(job(draft(1), draft(2)), seen, "number-not-active")) == 1


def test_a_number_that_is_to_ring_two_lines_is_an_error() -> None:
    twice = draft(2, inbound_numbers=(NUMBERS[1], NUMBERS[1]))
    (finding,) = found(job(draft(1), twice), snapshot(), "number-routed-twice")
    assert (finding.severity, finding.fxs_port) == (Severity.ERROR, 2)


def test_a_callback_number_without_an_address_is_warned_of() -> None:
    seen = snapshot(numbers=(held(1, address=""),))
    (finding,) = found(job(draft(1)), seen, "callback-without-address")
    assert finding.life_safety


def test_two_places_on_one_callback_number_are_warned_of_with_its_address() -> None:
    shared = job(draft(1), draft(2, e911_callback=NUMBERS[1], location="Roof", use="fax"))
    (finding,) = found(shared, snapshot(), "shared-callback")
    assert "1 Main St" in finding.message
    assert finding.life_safety
    nowhere = snapshot(numbers=(held(1, address=""), held(2)))
    assert "nowhere" in found(shared, nowhere, "shared-callback")[0].message


def test_one_place_in_two_spellings_is_one_place_and_a_blank_one_is_the_gateway() -> None:
    same = job(draft(1), draft(2, e911_callback=NUMBERS[1], location="LOBBY"))
    assert not found(same, snapshot(), "shared-callback")
    second = gateway(OTHER, GatewayPlace("GW-2"))
    blank = draft(1, location="")
    apart = job(
        blank, None, None, None, draft(2, e911_callback=NUMBERS[1], location=""), gateways=(gateway(), second)
    )
    assert "GW-1, GW-2" in found(apart, snapshot(), "shared-callback")[0].message


def test_a_line_that_serves_nothing_known_counts_as_life_safety() -> None:
    (finding,) = found(job(draft(1, use=""), draft(2), draft(3, use="?")), snapshot(), "use-not-said")
    assert "1, 3" in finding.message
    assert [is_life_safety(draft(1, use=use), USES) for use in ("", "?", "elevator", "fax")] == [
        True,
        True,
        True,
        False,
    ]


def test_what_keeps_new_lines_off_the_hardware() -> None:
    other = Account("x", "2002", "Somebody")
    bound = gateway()
    assert gateway_obstacle(gateway(None), snapshot()) is None
    assert gateway_obstacle(bound, snapshot(line(1))) is None
    assert bound.mac is not None
    elsewhere = gateway_obstacle(bound, snapshot(elsewhere={bound.mac: (other,)}))
    assert elsewhere is not None
    assert "“Somebody” (2002)" in elsewhere[1]
    mismatch = gateway_obstacle(bound, snapshot(line(1, device_type=None)))
    assert mismatch is not None
    assert (mismatch[0], "no model" in mismatch[1]) == ("model-mismatch", True)
