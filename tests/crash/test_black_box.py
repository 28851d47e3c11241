"""The real command, killed by the clock and at single system calls, and with a disk that fails once."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.components import need
from tests.crash.lives import ROOT
from tests.crash.points import breaches_now, resume
from tests.crash.scene import Laptop, Scene
from tests.provisioning.auditor import Auditor
from tests.provisioning.kit import PASSPHRASE

pytestmark = pytest.mark.timeout(180)  # the real command is started anew at each point

MODEL = 4
DEFECT = 1
"""The exit code of a defect in the kit; a fault outside of it has a code of its own."""
CALLS = ("pwrite64", "fdatasync", "fsync", "unlink", "rename")


def _command(scene: Scene, laptop: Laptop) -> list[str]:
    password, passphrase = scene.folder / "password", scene.folder / "passphrase"
    password.write_text(laptop.user.password)
    passphrase.write_text(PASSPHRASE.reveal())
    for path in (password, passphrase):
        path.chmod(0o600)
    return [
        *(sys.executable, "-m", "installer", "apply", str(laptop.sheet), "--yes"),
        *("--home", str(laptop.home), "--base-url", scene.platform.url),
        *("--username", laptop.user.username, "--password-file", str(password)),
        *("--passphrase-file", str(passphrase), "--quiet-window", "0.05"),
    ]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _end(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, said = process.communicate(timeout=50)
    return process.returncode, said.decode()


@pytest.mark.parametrize("share", range(2))
def test_the_command_killed_by_the_clock_is_made_whole_by_one_resume(scene: Scene, share: int) -> None:
    scene.begin()
    begun = time.monotonic()
    code, said = _end(_start(_command(scene, scene.laptop(MODEL))))
    assert code == 0, said
    whole = time.monotonic() - begun
    for point in range(share, 10, 2):
        scene.begin(unique=point % 4 < 2)
        auditor, laptop = Auditor(scene), scene.laptop(MODEL)
        process = _start(_command(scene, laptop))
        after = whole * (0.4 + 0.6 * point / 10)  # before that, the command is still being loaded
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
        code, said = _end(process)
        assert code in {0, -signal.SIGKILL}, said
        resume(
            scene, laptop, auditor, f"{MODEL} ports, the command killed after {after:.3f} s of {whole:.3f}"
        )


def _injected(scene: Scene, laptop: Laptop, call: str, effect: str, when: int) -> tuple[int, str]:
    """The command with an effect on its `when`-th call; gives exit code and standard error."""
    inject = f"inject={call}:{effect}:when={when}"
    options = ("-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject)
    return _end(_start([need("strace"), *options, *_command(scene, laptop)]))


@pytest.fixture(scope="module")
def calls(scene: Scene) -> dict[str, int]:
    """How often a whole run makes each call that changes the disk."""
    scene.begin()
    counted = scene.folder / "counted"
    options = ("-f", "-qq", "-c", "-U", "name,calls", "-o", str(counted), "-e", f"trace={','.join(CALLS)}")
    code, said = _end(_start([need("strace"), *options, *_command(scene, scene.laptop(MODEL))]))
    assert code == 0, said
    rows = [line.split() for line in counted.read_text().splitlines()]
    return {name: int(times) for name, times in (row for row in rows if len(row) == 2) if name in CALLS}


@pytest.mark.parametrize("call", CALLS)
def test_the_command_killed_at_a_system_call_is_made_whole_by_one_resume(
    scene: Scene, calls: dict[str, int], call: str
) -> None:
    for step in range(3):
        when = 1 + step * (calls[call] - 1) // 2
        scene.begin(unique=step % 2 == 0)
        auditor, laptop = Auditor(scene), scene.laptop(MODEL)
        code, said = _injected(scene, laptop, call, "signal=KILL", when)
        where = f"{MODEL} ports, the command killed at {call} {when} of {calls[call]}"
        assert code in {0, -signal.SIGKILL, 128 + signal.SIGKILL}, f"{where}: {said}"
        resume(scene, laptop, auditor, where)


@pytest.mark.parametrize("fault", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_a_disk_that_fails_once_is_said_and_made_up_for_by_one_resume(
    scene: Scene, calls: dict[str, int], call: str, fault: str
) -> None:
    for step in range(2):
        when = 1 + (2 * step + 1) * calls[call] // 4
        where = f"{MODEL} ports, {fault} at {call} {when} of {calls[call]}"
        scene.begin()
        auditor, laptop = Auditor(scene), scene.laptop(MODEL)
        code, said = _injected(scene, laptop, call, f"error={fault}", when)
        assert code != DEFECT, f"{where}: {said}"
        assert "Traceback" not in said, where
        assert breaches_now(scene, auditor) == [], where
        resume(scene, laptop, auditor, where)
