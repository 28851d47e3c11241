"""Jobs, stocks and uses that the output tests share."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from installer.domain.cabling import Jack, Rj11Jack, Rj21Pair, Rj21Position
from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayModel, GatewayPlace
from installer.domain.job import PlatformAddress, PortPlan, PortState, SiteJob
from installer.domain.label import mint_label_id
from installer.domain.line import Account, LineDraft, LineUse
from installer.domain.mac import parse_mac
from installer.domain.numbers import parse_number
from installer.profiles import Profiles

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
STOCKS = tuple(Profiles.load().labels.values())
AVERY = Profiles.load().labels["avery-5160"]
L7160 = Profiles.load().labels["avery-l7160"]
USES = {
    use.id: use
    for use in (
        LineUse("elevator", "Elevator phone", "ELEV", life_safety=True),
        LineUse("fire-panel", "Fire alarm panel", "FIRE", life_safety=True),
        LineUse("fax", "Fax", "FAX", life_safety=False),
        LineUse("voice", "Voice", "VOICE", life_safety=False),
    )
}
_LINES = (
    ("Elevator car 1", "elevator", "Machine room 2, north tower", "A-12"),
    ("Elevator car 2", "elevator", "Machine room 2, north tower", "A-13"),
    ("Fire panel primary", "fire-panel", "FACP, lobby", "FP-1"),
    ("Fire panel secondary", "fire-panel", "FACP, lobby", "FP-2"),
    ("Front desk fax", "fax", "Reception", ""),
    ("Gate house", "", "", ""),
)


def jacks(count: int) -> tuple[Jack, ...]:
    """RJ11 up to 8 ports, above that RJ21 connectors of 25 pairs."""
    if count <= 8:
        return tuple(Rj11Jack(str(number)) for number in range(1, count + 1))
    return tuple(Rj21Position("AB"[index // 25], Rj21Pair(index % 25 + 1)) for index in range(count))


def model(count: int) -> GatewayModel:
    return GatewayModel(
        str(count), f"SIP_{count}_Port_MTA", f"Vega 3000G, {count} FXS", jacks(count), confirmed=count < 50
    )


def gateway(name: str, count: int, random: Random, *, bound: bool = True) -> Gateway:
    mac = parse_mac(f"005058{random.randrange(1 << 24):06x}")
    bindings = (Binding(mac, "SN1", "first", NOW),) if bound else ()
    return Gateway(GatewayPlace(name), model(count), mint_label_id(random.randrange), bindings)


def plans(box: Gateway, random: Random, *, name: str = "", note: str = "") -> list[PortPlan]:
    """The lines above in turn, the last two ports spare and off; `name` and `note` replace their words."""
    count = box.model.fxs_ports
    made = []
    for number in range(1, count + 1):
        port = FxsPort(box.place, number)
        label_id = mint_label_id(random.randrange)
        if number > count - 2:
            state = PortState.SPARE if number == count - 1 else PortState.OFF
            made.append(PortPlan(port, state, label_id))
            continue
        called, use, where, jack = _LINES[(number - 1) % len(_LINES)]
        tn = parse_number(f"260468{number:04d}")
        draft = LineDraft(
            name or called,
            use,
            tn,
            tn,
            inbound_numbers=(tn,),
            location=note or where,
            jack=note or jack,
            notes="s3cr3t-Note-Pw9",
        )
        made.append(PortPlan(port, PortState.USE, label_id, draft))
    return made


def site_job(
    *sizes: int, site: str = "Riverside Medical Plaza", name: str = "", note: str = "", place: str = "GW"
) -> SiteJob:
    """A job with a gateway of each size, GW-1, GW-2 …; the second one is not bound yet. Always the same."""
    random = Random(20261121)
    boxes = [
        gateway(f"{place}-{index}", size, random, bound=index != 2)
        for index, size in enumerate(sizes, start=1)
    ]
    ports = [plan for box in boxes for plan in plans(box, random, name=name, note=note)]
    return SiteJob(
        "01JOB",
        PlatformAddress("rehearsal", "http://127.0.0.1:1", "partition-7781"),
        Account("account-id-5523", "AC-1001", "Riverside Medical"),
        site,
        tuple(boxes),
        tuple(ports),
    )
