import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installer.domain.credential import CredentialSource, generate_credential
from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayPlace
from installer.domain.job import PlatformAddress, PortPlan, PortState, RowState, SiteJob
from installer.domain.label import mint_label_id
from installer.domain.line import Account, LineDraft
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber
from installer.domain.registrar import Registrar
from installer.sheets import (
    CredentialSheet,
    SheetJob,
    SheetLine,
    differences,
    read_sheet,
    write_sheet,
)
from installer.text import safe, safe_block
from tests.sheets.samples import NOW, columns, profiles
from tests.sheets.samples import sheet as sample

HOSTILE = st.sampled_from(
    ["=1+1", "'=x", "''", "+1", "-", "@SUM(A1)", "\t=1", "_x000D_", "_x005F_", "\x1b[31m", 'a;b,"c"', "1e5",
     "0012", "00:50", "3/4", "TRUE", "\u202eevil", "{=1}", "http://x/", "\ufeff", "é\u0301", "../..", "#N/A",
     "x" * 900]
)  # fmt: skip
TEXT = st.one_of(HOSTILE, st.text(max_size=20), st.text(alphabet="=+-@'\"\t\r\n;,_x0 ", max_size=12))


def cell(length: int) -> st.SearchStrategy[str]:
    """Text as it is once it came in through a sheet."""
    return TEXT.map(lambda text: safe(text.strip(), length).strip())


NUMBERS = st.integers(0, 9_999_999).map(lambda n: TelephoneNumber(f"1260{2_000_000 + n % 7_000_000:07}"))
NAMES = cell(100).filter(bool)
PLANS = cell(100).map(lambda text: text.replace(";", "").strip()).filter(bool)
DRAFTS = st.builds(
    LineDraft,
    name=NAMES,
    use=st.sampled_from(["", "elevator", "fax"]),
    caller_id=NUMBERS,
    e911_callback=NUMBERS,
    calling_plans=st.lists(PLANS, max_size=2, unique=True).map(tuple),
    inbound_numbers=st.lists(NUMBERS, max_size=2, unique=True).map(tuple),
    location=cell(1000),
    jack=cell(1000),
    notes=cell(1000),
)
PLACES = cell(40).map(lambda text: " ".join(text.replace(":", "").split())).filter(bool)
EXTRA_NAMES = cell(100).filter(bool)
EXTRAS = st.dictionaries(
    EXTRA_NAMES.map(lambda name: f"x {name}"[:100].strip()),
    TEXT.map(lambda text: safe_block(text.strip(), 9000).strip()),
    max_size=2,
)
WHEREABOUTS = st.fixed_dictionaries({name: cell(1000) for name in ("location", "jack", "notes")})


@st.composite
def sheets(draw: st.DrawFn) -> CredentialSheet:
    rng = random.Random(draw(st.integers(0, 2**32)))
    names = draw(st.lists(PLACES, min_size=1, max_size=2, unique_by=str.casefold))
    extra_names = draw(EXTRAS)
    gateways: list[Gateway] = []
    ports: list[PortPlan] = []
    lines: list[SheetLine] = []
    for index, name in enumerate(names):
        model = profiles().gateways[draw(st.sampled_from(["4", "8"]))]
        mac = MacAddress(f"005058{index}{rng.randrange(16**5):05x}")
        serial = draw(cell(60))
        bound = (Binding(mac, serial, "scanned", NOW),) if draw(st.booleans()) else ()
        gateway = Gateway(GatewayPlace(name), model, mint_label_id(rng.randrange), bound)
        gateways.append(gateway)
        for number in range(1, model.fxs_ports + 1):
            state = draw(st.sampled_from(PortState))
            source = draw(st.sampled_from([CredentialSource.GENERATED, CredentialSource.PLATFORM]))
            wanted = draw(DRAFTS) if state is PortState.USE else None
            port = FxsPort(gateway.place, number)
            said = {**extra_names, **({} if wanted else draw(WHEREABOUTS))}
            extra = tuple((key, value) for key, value in said.items() if value)
            ports.append(PortPlan(port, state, mint_label_id(rng.randrange), wanted, source, extra))
            known = draw(st.booleans())
            lines.append(
                SheetLine(
                    port,
                    draw(st.sampled_from(RowState)),
                    generate_credential(rng.randrange) if known else None,
                    line_id=draw(cell(30)) or None,
                    registrar=Registrar("sip.example.net", 5060, "example.net", "udp"),
                    registered=draw(st.sampled_from([None, True, False])),
                )
            )
    account, site = draw(NAMES), draw(NAMES)
    platform = PlatformAddress("rehearsal", "http://127.0.0.1:1", "1")
    job = SiteJob("JOB1", platform, Account(account, "1", "n"), site, tuple(gateways), tuple(ports))
    return CredentialSheet(job, draw(st.integers(1, 99)), tuple(lines))


def taken_over(job: SheetJob, sheet: CredentialSheet) -> CredentialSheet:
    """The sheet as a laptop makes it again from what it read alone."""
    gateways: list[Gateway] = []
    ports: list[PortPlan] = []
    lines: list[SheetLine] = []
    for read in job.gateways:
        bound = (Binding(read.mac, read.serial, "scanned", NOW),) if read.mac else ()
        assert read.label_id is not None
        gateways.append(Gateway(read.place, read.model, read.label_id, bound))
        for row in read.ports:
            port = FxsPort(read.place, row.fxs_port)
            assert row.label_id is not None
            extra = tuple(row.extra.items())
            ports.append(PortPlan(port, row.state, row.label_id, row.draft, row.source, extra))
            lines.append(
                SheetLine(
                    port,
                    RowState(row.written["row_state"]),
                    row.credential,
                    line_id=row.written.get("line_id"),
                    registrar=Registrar(
                        row.written["registrar"],
                        int(row.written["registrar_port"]),
                        row.written["sip_domain"],
                        row.written["transport"],
                    ),
                    registered={"yes": True, "no": False, None: None}[row.written.get("registered")],
                )
            )
    again = replace(
        sheet.job,
        account=Account(job.account, "1", "n"),
        site=job.site,
        gateways=tuple(gateways),
        ports=tuple(ports),
    )
    return CredentialSheet(again, sheet.revision, tuple(lines))


def plain(sheet: CredentialSheet) -> list[tuple[object, ...]]:
    """Everything of a sheet but who chose a credential that stands: a sheet cannot say it."""
    found: list[tuple[object, ...]] = []
    for plan, line in zip(sheet.job.ports, sheet.lines, strict=True):
        gateway = sheet.job.gateway(plan.port.gateway)
        source = plan.source if line.credential is None else None
        found.append(
            (
                gateway.label_id,
                gateway.mac,
                gateway.model,
                replace(plan, source=CredentialSource.OWN, extra=()),
                dict(plan.extra),
                source,
                line,
            )
        )
    return found


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sheet=sheets())
def test_export_import_export_is_the_identity(suffix: str, sheet: CredentialSheet) -> None:
    with TemporaryDirectory() as name:
        first, second = Path(name) / f"a{suffix}", Path(name) / f"b{suffix}"
        digest = write_sheet(first, sheet, columns())
        reading = read_sheet(first, profiles())
        assert [found for found in reading.findings if found.code != "unknown-column"] == []
        (job,) = reading.grouped()
        again = taken_over(job, sheet)
        assert plain(again) == plain(sheet)
        for row, line in zip((row for one in job.gateways for row in one.ports), again.lines, strict=True):
            assert differences(sheet, row, line) == ()
        assert write_sheet(second, again, columns()) == digest
        assert second.read_bytes() == first.read_bytes()


@given(texts=st.lists(TEXT, min_size=1, max_size=5))
def test_no_csv_cell_begins_as_a_formula_and_each_comes_back(texts: list[str]) -> None:
    extra: Mapping[str, str] = {
        f"x{index}": text
        for index, raw in enumerate(texts)
        if (text := safe_block(raw.strip(), 9000).strip())
    }
    whole = sample(("4",), extra=extra)
    with TemporaryDirectory() as name:
        path = Path(name) / "a.csv"
        write_sheet(path, whole, columns())
        import csv

        with path.open(encoding="utf-8-sig", newline="") as file:
            written = list(csv.reader(file))
        assert not any(
            field[:1] in ("=", "+", "-", "@", "\t", "\r") for row in written for field in row if field
        )
        assert read_sheet(path, profiles()).grouped()[0].gateways[0].ports[0].extra == extra
