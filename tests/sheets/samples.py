"""Jobs and sheets for the tests of this room, whole and hostile."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from installer.domain.credential import (
    CredentialSource,
    Secret,
    SipCredential,
    SipUsername,
    generate_credential,
)
from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayPlace
from installer.domain.job import PlatformAddress, PortPlan, PortState, RowState, SiteJob
from installer.domain.label import mint_label_id
from installer.domain.line import Account, LineDraft
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber
from installer.domain.registrar import Registrar
from installer.profiles import Profiles
from installer.sheets import CredentialSheet, SheetLine

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
REGISTRAR = Registrar("127.0.0.1", 5070, "rehearsal.invalid", "udp")


@cache
def profiles() -> Profiles:
    return Profiles.load()


def columns() -> tuple[str, ...]:
    return profiles().sheets["credential"]


def draft(n: int, text: str = "") -> LineDraft:
    return LineDraft(
        name=f"Line {n}{text}"[:100],
        use=("elevator", "fax", "")[n % 3],
        caller_id=TelephoneNumber(f"1260468{n:04}"),
        e911_callback=TelephoneNumber(f"1260469{n:04}"),
        calling_plans=("plan-a", "Local & LD") if n % 2 else (),
        inbound_numbers=(TelephoneNumber(f"1260468{n:04}"),) if n % 2 else (),
        location=f"Floor {n}{text}",
        jack=text,
        notes=text,
    )


def sheet(
    models: tuple[str, ...] = ("4", "8"),
    *,
    seed: int = 1,
    text: str = "",
    bound: bool = True,
    extra: Mapping[str, str] | None = None,
) -> CredentialSheet:
    """Every third port spare, one off; one line's credential is the platform's."""
    rng = random.Random(seed)
    gateways: list[Gateway] = []
    ports: list[PortPlan] = []
    lines: list[SheetLine] = []
    for index, model_id in enumerate(models):
        model = profiles().gateways[model_id]
        place = GatewayPlace(f"GW-{index + 1}")
        mac = MacAddress(f"005058{rng.randrange(16**6):06x}")
        bindings = (Binding(mac, f"SN{index:04}", "scanned", NOW),) if bound else ()
        gateways.append(Gateway(place, model, mint_label_id(rng.randrange), bindings))
        for number in range(1, model.fxs_ports + 1):
            plan = _plan(rng, FxsPort(place, number), draft(index * 100 + number, text), extra or {})
            ports.append(plan)
            lines.append(_line(rng, plan))
    job = SiteJob(
        "01JOB",
        PlatformAddress("rehearsal", "http://127.0.0.1:1", "1"),
        Account("acc-1", "A1", "Acme"),
        "Tower",
        tuple(gateways),
        tuple(ports),
    )
    return CredentialSheet(job, 3, tuple(lines))


def _plan(rng: random.Random, port: FxsPort, wanted: LineDraft, extra: Mapping[str, str]) -> PortPlan:
    state = PortState.SPARE if port.number % 3 == 0 else PortState.OFF if port.number == 4 else PortState.USE
    source = CredentialSource.PLATFORM if port.number == 2 else CredentialSource.GENERATED
    used = wanted if state is PortState.USE else None
    return PortPlan(port, state, mint_label_id(rng.randrange), used, source, tuple(extra.items()))


def _line(rng: random.Random, plan: PortPlan) -> SheetLine:
    ours = plan.draft is not None and plan.source is CredentialSource.GENERATED
    return SheetLine(
        plan.port,
        RowState.FINAL,
        generate_credential(rng.randrange) if ours else None,
        line_id=f"line-{plan.port}" if ours else None,
        device_id="device" if ours else None,
        registrar=REGISTRAR,
        registered=bool(plan.port.number % 2) if ours else None,
    )


def own(username: str, password: str) -> SipCredential:
    return SipCredential(SipUsername(username), Secret(password))


def csv_sheet(
    folder: Path, *rows: str, header: str = "account,model,fxs_port,line_name,caller_id,e911_callback"
) -> Path:
    path = folder / "in.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path
