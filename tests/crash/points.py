"""What holds at once after a kill, and after the one act that may follow it."""

import hashlib
from pathlib import Path

from installer.files import UNFINISHED
from tests.crash.scene import Laptop, Scene, sheet_credentials
from tests.provisioning.auditor import Auditor


def breaches_now(scene: Scene, auditor: Auditor) -> list[str]:
    """Every breach at this moment, in homes that may have lost their process."""
    waiting = [laptop for laptop in scene.laptops if laptop.has_journal]
    for laptop in waiting:
        laptop.open()
    if all(laptop.has_job for laptop in scene.laptops):
        found = auditor.breaches()
    else:
        found = [f"{each.operation} by a home without a job" for each in scene.writes]
    for laptop in waiting:
        laptop.close()
    return found


def breaches_once_finished(scene: Scene, laptop: Laptop, auditor: Auditor) -> list[str]:
    """Every breach where the job is said to be finished: on the platform, in the journal, in the files."""
    for each in scene.laptops:
        each.open()
    found = [
        *auditor.finished(laptop),
        *sheet_breaches(scene, laptop),
        *artifact_breaches(laptop),
        *leftovers(laptop),
    ]
    for each in scene.laptops:
        each.close()
    return found


def sheet_breaches(scene: Scene, laptop: Laptop) -> list[str]:
    """What the newest credential sheet says otherwise than the platform."""
    rows = sheet_credentials(Path(laptop.record.artifacts["credential-sheet"].path))
    stand = {
        line.device_port: (line.sip_username, line.sip_password)
        for line in scene.lines
        if line.mac_address in {mac for mac, _ in rows}
    }
    return [] if rows == stand else ["the credential sheet says otherwise than the platform"]


def artifact_breaches(laptop: Laptop) -> list[str]:
    """Files that are not, byte for byte, what the journal says was written."""
    known = {Path(each.path): each.sha256 for each in laptop.record.artifacts.values()}
    return [f"{path.name} is not as journalled" for path, digest in known.items() if sha256(path) != digest]


def leftovers(laptop: Laptop) -> list[str]:
    """What is still on its way to its place; it may hold credentials."""
    return [f"{path} was left" for path in laptop.home.rglob(f"{UNFINISHED}*")]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def resume(scene: Scene, laptop: Laptop, auditor: Auditor, where: str) -> None:
    """One `resume` after a kill: it says nothing but done, and nothing is lost, doubled or touched."""
    assert breaches_now(scene, auditor) == [], where
    end = scene.live(laptop, "resume")
    assert (end.signal, end.said) == (0, ()), where
    assert breaches_once_finished(scene, laptop, auditor) == [], where
