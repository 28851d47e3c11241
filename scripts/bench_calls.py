"""Calls: one gateway with many ports against a slow platform, a fleet against one that answers at once."""

import json
import math
import shutil
import subprocess
import sys
import time
from pathlib import Path

from scripts.bench_callers import IN_FLIGHT, script_calls
from scripts.bench_kit import (
    GATEWAYS_MEANT,
    BenchFault,
    Measurement,
    Scale,
    child,
    run,
)
from scripts.bench_site import Site, rows, unasked, write_sheet
from scripts.bench_standin import counts, stand_in

CALLS_A_PORT = 3


def measure_ports(scale: Scale, folder: Path) -> list[Measurement]:
    """One gateway, every port created and routed: against the floor, and beside what a script would do."""
    site = Site(1, 1, scale.ports)
    calls = CALLS_A_PORT * scale.ports
    floor = math.ceil(calls / IN_FLIGHT) * scale.latency
    sheet = write_sheet(folder / "ports.csv", rows(site))
    with stand_in(scale.latency, site) as url:
        engine = child("bench_callers", "engine", url, sheet, folder / "ports")["writing"]
    with stand_in(scale.latency, site) as url:
        sequential = child("bench_callers", "sequential", url, scale.ports)["seconds"]
    with stand_in(scale.latency, site) as url:
        curl = _curl_loop(url, scale.ports)
    with stand_in(scale.latency, site) as url:
        command, _ = run([sys.executable, "-m", "installer", *_apply(url, sheet, folder / "command")], folder)
    return [
        Measurement(
            f"{scale.ports} ports at {scale.latency * 1000:.0f} ms, first validate to last outcome",
            f"{engine:.2f} s",
            f"{floor:.2f} s, {calls} calls {IN_FLIGHT} at a time",
            engine / floor,
            1.25,
        ),
        Measurement(
            "the same beside a sequential httpx loop",
            f"{engine:.2f} s",
            f"{sequential:.2f} s",
            sequential / engine,
        ),
        Measurement("the same beside a curl loop", f"{engine:.2f} s", f"{curl:.2f} s", curl / engine),
        Measurement(
            "apply, sheet to exit: faster than a curl loop",
            f"{command:.2f} s",
            f"{curl:.2f} s",
            curl / command,
            3.0,
            least=True,
        ),
    ]


def measure_memory(scale: Scale, folder: Path) -> list[Measurement]:
    """The most memory the command takes, beside a process that imports the same modules and does nothing."""
    site = Site(1, 1, scale.ports)
    sheet = write_sheet(folder / "memory.csv", rows(site))
    modules = folder / "modules.json"
    with stand_in(0.0, site) as url:
        apply = child("bench_callers", "kit", modules, *_apply(url, sheet, folder / "memory"))
    bare = child("bench_callers", "imports", modules)
    return [
        Measurement(
            f"{what} of apply, {scale.ports} ports",
            f"{apply[key]:.1f} MB",
            f"{bare[key]:.1f} MB, its libraries imported",
            apply[key] / bare[key],
            limit,
        )
        # The peak is the passphrase's: scrypt takes 128 MB on purpose, for half a second.
        for what, key, limit in (("memory at the end", "resident", 1.25), ("peak memory", "peak", 3.5))
    ]


def measure_fleet(scale: Scale, folder: Path) -> list[Measurement]:
    """Many gateways of 24 ports against a platform that answers at once, beside the client alone."""
    accounts = math.ceil(scale.gateways / scale.gateways_an_account)
    site = Site(accounts, math.ceil(scale.gateways / accounts), 24)
    sheet = write_sheet(folder / "fleet.csv", rows(site))
    with stand_in(0.0, site) as url:
        engine = child("bench_callers", "engine", url, sheet, folder / "fleet")
        made = _calls(url)
    with stand_in(0.0, site) as url:
        bare = child("bench_callers", "bare", url, site.accounts, site.gateways, site.ports)
        repeated = _calls(url)
    rate, bare_rate = made / engine["seconds"], repeated / bare["seconds"]
    size = f"{site.accounts * site.gateways} gateways x 24 ports"
    if scale.gateways < GATEWAYS_MEANT:
        size += f" (of {GATEWAYS_MEANT}: --full)"
    return [
        Measurement(
            f"{size}, planned and applied",
            f"{rate:.0f} calls/s ({made} in {engine['seconds']:.0f} s)",
            f"{bare_rate:.0f} calls/s, client alone",
            rate / bare_rate,
            0.3,
            least=True,
        ),
        Measurement(
            "its memory: end beside a quarter of the way",
            f"{engine['end']:.0f} MB",
            f"{engine['quarter']:.0f} MB",
            engine["end"] / engine["quarter"],
            1.25,
        ),
    ]


def _calls(url: str) -> int:
    return sum(counts(url).values())


def _apply(url: str, sheet: Path, home: Path) -> list[str]:
    """The arguments of an apply that asks nobody."""
    return ["apply", str(sheet), *unasked(url, home), "--yes"]


def _curl_loop(url: str, ports: int) -> float:
    curl = shutil.which("curl")
    if curl is None:
        raise BenchFault("there is no curl to compare with")
    begun = time.perf_counter()
    for method, path, body in script_calls(ports):
        words = [curl, "-sS", "-o", "-", "-X", method, "-H", "X-AUTH-TOKEN: token"]
        words += ["-H", "Content-Type: application/json", "--data", json.dumps(body), url + path]
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun
