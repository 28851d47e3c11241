"""A job of one 4-port gateway, what is known of it, and what stands on the platform, for pure rules."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from installer.domain.cabling import Rj11Jack
from installer.domain.credential import CredentialSource, SipUsername
from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayModel, GatewayPlace
from installer.domain.job import PlatformAddress, PortPlan, PortState, SiteJob
from installer.domain.label import LabelId
from installer.domain.line import Account, CallingPlan, LineDraft, LineUse, SpecialtyLine
from installer.domain.mac import MacAddress
from installer.domain.numbers import AccountNumber, Reference, TelephoneNumber
from installer.planning.outcome import StepState
from installer.planning.record import JobRecord, LineRecord, PortCredential, StepRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Action, StepKey, Subject

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLACE = GatewayPlace("GW-1")
MAC = MacAddress("005058000001")
OTHER = MacAddress("005058000002")
ACCOUNT = Account("acc", "1001", "Lakeside")
NUMBERS = tuple(TelephoneNumber(f"1260468325{index}") for index in range(8))
UNLIMITED = CallingPlan("plan-1", "Unlimited", default=True)
METERED = CallingPlan("plan-2", "Metered", default=False)
USES = {
    "elevator": LineUse("elevator", "Elevator", "ELEV", life_safety=True),
    "fax": LineUse("fax", "Fax", "FAX", life_safety=False),
}
MODEL = GatewayModel(
    "4", "SIP_4_Port_MTA", "Vega 4", tuple(Rj11Jack(str(n)) for n in range(1, 5)), confirmed=True
)


def port(number: int, place: GatewayPlace = PLACE) -> FxsPort:
    return FxsPort(place, number)


def username(number: int) -> SipUsername:
    return SipUsername(f"username{number:04}")


def draft(number: int, **changes: object) -> LineDraft:
    phone = NUMBERS[number]
    made = LineDraft(f"Line {number}", "elevator", phone, phone, (), (phone,), location="Lobby")
    return replace(made, **changes)  # type: ignore[arg-type]


def gateway(
    mac: MacAddress | None = MAC, place: GatewayPlace = PLACE, model: GatewayModel = MODEL
) -> Gateway:
    bound = (Binding(mac, "", "", AT),) if mac else ()
    return Gateway(place, model, LabelId("PD-222222222"), bound)


def job(*drafts: LineDraft | None, gateways: tuple[Gateway, ...] = (gateway(),)) -> SiteJob:
    """Drafts fill the ports in order, over all gateways; None and what is left are spare."""
    places = [FxsPort(each.place, n) for each in gateways for n in range(1, each.model.fxs_ports + 1)]
    filled = [*drafts, *([None] * (len(places) - len(drafts)))]
    plans = tuple(
        PortPlan(at, PortState.USE if line else PortState.SPARE, LabelId(f"PD-{index:09}"), line)
        for index, (at, line) in enumerate(zip(places, filled, strict=True))
    )
    address = PlatformAddress("rehearsal", "http://127.0.0.1:1", "part")
    return SiteJob("job-1", address, ACCOUNT, "Lakeside", gateways, plans)


def record(
    made: SiteJob,
    *,
    held: Iterable[int] = (),
    steps: Iterable[StepRecord] = (),
    named: bool = True,
) -> JobRecord:
    """`held` are ports of GW-1 whose line `L<n>` is the journal's; `named` gives every port a credential."""
    credentials = {
        plan.port: PortCredential(username(plan.port.number), CredentialSource.GENERATED, 1)
        for plan, _ in made.drafts()
        if named
    }
    return JobRecord(
        job=made,
        opened_at=AT,
        credentials=credentials,
        steps={step.key: step for step in steps},
        lines={port(number): LineRecord(f"L{number}", f"D{number}", made_here=True) for number in held},
    )


def step(
    state: StepState, subject: Subject, action: Action = Action.CREATE_LINE, generation: int = 1
) -> StepRecord:
    key = StepKey(subject, action, None, generation)
    return StepRecord(key, state, 1, "POST", "/", 1, None, None, None, None, "", AT)


def line(number: int, **changes: object) -> SpecialtyLine:
    """The line as `draft(number)` wants it."""
    phone = NUMBERS[number].digits
    made = SpecialtyLine(
        id=f"L{number}",
        account_id=ACCOUNT.id,
        name=f"Line {number}",
        caller_id=phone,
        e911_callback=phone,
        calling_plan_ids=("plan-1",),
        device_type="SIP_4_Port_MTA",
        device_id=f"D{number}",
        mac=MAC,
        fxs_port=number,
        sip_username=username(number),
        sip_password=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def held(index: int, reference: Reference | None = None, **changes: object) -> AccountNumber:
    made = AccountNumber(NUMBERS[index], "ACTIVE", reference, "1 Main St")
    return replace(made, **changes)  # type: ignore[arg-type]


def snapshot(*lines: SpecialtyLine, **changes: object) -> Snapshot:
    numbers = tuple(held(index) for index in range(len(NUMBERS)))
    made = Snapshot(ACCOUNT, AT, lines, numbers, (UNLIMITED, METERED), {})
    return replace(made, **changes)  # type: ignore[arg-type]


def ringing(**rings: str) -> tuple[AccountNumber, ...]:
    """The account's numbers; `n1="L1"` lets the first ring that line."""
    return tuple(
        held(index, Reference("SPECIALTY_LINE", rings[f"n{index}"]) if f"n{index}" in rings else None)
        for index in range(len(NUMBERS))
    )
