"""The other boundaries of the large jobs: one run, whose home and platform are copied at each, then resumed.

What a kill leaves is what lies on the disk at that moment. Calls then on the wire are lost at one boundary
and carried out at the next, in turn.
"""

import asyncio
import hashlib
import json
import random
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from installer.provisioning.visit import Happening
from installer.rehearsal import seed
from installer.rehearsal.world import Rules
from tests.crash.scene import copy_home
from tests.provisioning.auditor import Auditor
from tests.provisioning.kit import Kit, Wanted, draft
from tests.provisioning.site import LOOSE, Site
from tests.provisioning.virtual import VirtualLoop

NAME = "Ada"
SEED = 4


@dataclass(frozen=True)
class Boundary:
    """Where the run stood: its home, the platform's ledger, and the creates that were on the wire."""

    number: int
    home: Path
    ledger: int
    on_the_wire: frozenset[str]


class Large(Site):
    """A site whose account has as many numbers as the largest gateway has ports."""

    def _keep_few_numbers(self) -> None:
        held = self.platform.desk.world._numbers_of[seed.TOWER.id]
        for phone in list(held)[50:]:
            del held[phone]


class Revived(Large):
    """The site as a boundary left it: the kit's home and the platform's ledger lie in `folder` already."""

    def another(self, name: str, *_wanted: Wanted) -> Kit:
        chance = random.Random(name)
        kit = Kit(self.platform, self.folder, self.clock, name, len(self.kits), chance)
        self.kits.append(kit)
        return kit


async def _run(folder: Path, model: int, rules: Rules) -> tuple[list[Boundary], list[str]]:
    """Carry a whole job out; gives each state that a boundary left, once, and the ledger's lines."""
    wanted = Wanted(str(model), tuple(draft(index) for index in range(model)))
    site = Large(folder / "whole", _loop(), wanted, rules=rules)
    site.kit.door._app = _uneven(site.kit.door._app)
    ledger = site.platform.desk._storage.path
    seen: dict[tuple[int, int], Boundary] = {}

    def copy(_happening: Happening) -> None:
        rows, written = site.kit.journal.verify(), len(site.platform.ledger.entries)
        if (rows, written) in seen:
            return
        home = folder / str(len(seen))
        copy_home(site.kit.home, home)
        on_the_wire = frozenset(
            hashlib.sha256(site.kit.logbook.body(step)).hexdigest()
            for step in site.kit.record.unknown_steps()
        )
        seen[rows, written] = Boundary(len(seen), home, written, on_the_wire)

    site.kit.watcher = copy
    await site.kit.apply()
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    site.close()
    return list(seen.values()), lines


def _uneven(app: ASGIApp) -> ASGIApp:
    """The platform, not as quick for one port as for the next: else ports in step share each transaction."""
    chance = random.Random(SEED)

    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(chance.uniform(0, 0.08))
        await app(scope, receive, send)

    return late


def _loop() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


def _platform_at(boundary: Boundary, lines: list[str]) -> str:
    """The ledger as the boundary left it; at every other one, what was on the wire was carried out."""
    before, after = lines[: boundary.ledger], lines[boundary.ledger :]
    if boundary.number % 2:
        before += [line for line in after if json.loads(line)["entry"]["body_sha256"] in boundary.on_the_wire]
    return "".join(before)


async def _resumed(folder: Path, boundary: Boundary, lines: list[str], rules: Rules) -> list[str]:
    """One life from there on; gives what is then wrong."""
    (folder / "platform").mkdir(parents=True)
    (folder / "platform" / "ledger.jsonl").write_text(_platform_at(boundary, lines), "utf-8")
    boundary.home.rename(folder / NAME)
    with closing(Revived(folder, _loop(), rules=rules, chance=boundary.number + 1)) as site:
        auditor = Auditor(site)
        breaches = auditor.breaches()
        await site.kit.apply()
        breaches += auditor.finished(site.kit)
    shutil.rmtree(folder)
    return breaches


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "model, rules, first, every",
    [
        *((24, Rules(), first, 5) for first in range(5)),
        (24, LOOSE, 0, 5),
        *((50, Rules(), first, 15) for first in range(0, 15, 3)),
    ],
)
async def test_a_large_job_goes_on_from_each_state_that_a_boundary_leaves(
    folder: Path, model: int, rules: Rules, first: int, every: int
) -> None:
    boundaries, lines = await _run(folder, model, rules)
    assert len(lines) == 2 * model
    assert len(boundaries) >= 4 * model
    for boundary in boundaries[first::every]:
        breaches = await _resumed(folder / "next", boundary, lines, rules)
        assert breaches == [], f"{model} ports, {rules}, state {boundary.number} of {len(boundaries)}"
