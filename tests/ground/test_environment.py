import base64
import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from scripts import environment

READY = """
import sys
from pathlib import Path
from scripts import environment
print(environment.ready(*map(Path, sys.argv[1:])))
"""


def write_wheel(folder: Path, name: str, tag: str = "py3-none-any") -> str:
    """Hash of a wheel with one module, as a lock writes it."""
    record = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "answer = 42\n",
        f"{record}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{record}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    rows = []
    wheel = folder / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows.append(f"{path},sha256={digest},{len(text)}\n")
        archive.writestr(f"{record}/RECORD", "".join(rows) + f"{record}/RECORD,,\n")
    return f"sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock of one tiny package, which pip finds in a folder and nowhere else."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    path = tmp_path / "run.lock"
    path.write_text(f"punchdowntiny==1.0 --hash={write_wheel(shelf, 'punchdowntiny')}\n")
    return path


def start(python: str | Path, home: Path, lock: Path, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(python), "-c", READY, str(home), str(lock)],
        cwd=environment.ROOT,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def answer(python: Path, expression: str, cwd: Path) -> str:
    words = [str(python), "-P", "-c", f"import punchdowntiny, installer; print({expression})"]
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=True).stdout.strip()


def test_it_holds_the_locked_packages_compiled_and_is_made_once(
    home: Path, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    python = environment.ready(home, lock)
    assert answer(python, "punchdowntiny.answer", tmp_path) == "42"
    assert answer(python, "installer.__file__", tmp_path) == str(
        environment.ROOT / "installer" / "__init__.py"
    )
    assert list(environment.libraries(python.parent.parent).glob("__pycache__/punchdowntiny.*.pyc"))
    assert "preparing" in capfd.readouterr().err
    monkeypatch.setenv("PIP_FIND_LINKS", str(home / "nowhere"))
    assert environment.ready(home, lock) == python
    assert capfd.readouterr().err == ""


def test_another_lock_gets_another_environment(lock: Path) -> None:
    first = environment.key(lock)
    assert environment.key(lock) == first
    lock.write_text(f"# changed\n{lock.read_text()}")
    assert environment.key(lock) != first


def test_a_checkout_elsewhere_gets_another_environment(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = environment.key(lock)
    monkeypatch.setattr(environment, "ROOT", environment.ROOT / "elsewhere")
    assert environment.key(lock) != first


def test_the_test_tools_join_the_same_environment(home: Path, lock: Path, tmp_path: Path) -> None:
    tools = tmp_path / "test.lock"
    tools.write_text(f"punchdowntool==1.0 --hash={write_wheel(tmp_path / 'shelf', 'punchdowntool')}\n")
    python = environment.ready_for_tests(home, lock, tools)
    assert python == environment.ready(home, lock)
    assert answer(python, "__import__('punchdowntool').answer", tmp_path) == "42"


def test_a_package_with_another_hash_is_refused(home: Path, lock: Path) -> None:
    lock.write_text(f"punchdowntiny==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(environment.EnvironmentFault, match=r"pip could not install run\.lock"):
        environment.ready(home, lock)
    assert not (home / environment.key(lock) / "installed-run").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and process groups are POSIX")
def test_a_killed_first_start_is_made_good_by_the_next(home: Path, lock: Path, tmp_path: Path) -> None:
    folder = home / environment.key(lock)
    killed = start(sys.executable, home, lock)
    deadline = time.monotonic() + 30
    while not environment.libraries(folder).is_dir():
        assert killed.poll() is None
        assert time.monotonic() < deadline
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert not (folder / "installed-run").exists()
    environment.python_of(folder).unlink(missing_ok=True)
    assert answer(environment.ready(home, lock), "punchdowntiny.answer", tmp_path) == "42"


def test_a_second_start_at_the_same_time_waits_and_says_so(home: Path, lock: Path) -> None:
    with environment.alone(home):
        waiting = start(sys.executable, home, lock)
        assert waiting.stderr is not None
        assert "waiting" in waiting.stderr.readline()
        assert waiting.poll() is None
    out, err = waiting.communicate(timeout=50)
    assert waiting.returncode == 0, err
    assert Path(out.strip()).exists()


def bare_python(folder: Path) -> Path:
    """A Python without pip, as Debian has it before python3-pip is installed."""
    environment.create(folder, environment.ROOT)
    return environment.python_of(folder)


def test_a_python_without_pip_uses_ensurepip(home: Path, lock: Path, tmp_path: Path) -> None:
    starting = start(bare_python(tmp_path / "bare"), home, lock)
    out, err = starting.communicate(timeout=50)
    assert starting.returncode == 0, err
    assert answer(Path(out.strip()), "punchdowntiny.answer", tmp_path) == "42"


def test_a_python_with_neither_says_which_package_to_install(home: Path, lock: Path, tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise SystemExit(1)\n")
    starting = start(bare_python(tmp_path / "bare"), home, lock, PYTHONPATH=str(tmp_path))
    _, err = starting.communicate(timeout=50)
    assert starting.returncode == 1
    assert "apt-get install python3-pip" in err


def test_a_checkout_that_cannot_be_written_is_said_plainly(lock: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(environment.EnvironmentFault, match="Put the checkout where you may write"):
        environment.ready(tmp_path / "file" / "home", lock)


def test_children_keep_their_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PUNCHDOWN_HOME", "kept")
    variables = environment.child_variables()
    assert "PYTHONDONTWRITEBYTECODE" not in variables
    assert variables["PUNCHDOWN_HOME"] == "kept"
