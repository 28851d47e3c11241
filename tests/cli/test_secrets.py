"""Planted secrets, over every way a command can fail: in no output, in no file but the sheet."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.alianza.exchange import Request, _discreet
from installer.alianza.failures import failure_of
from installer.alianza.paths import Path as ApiPath
from installer.alianza.reply import Reply
from installer.alianza.retry import CallKind
from installer.clock import system_clock
from installer.domain.credential import Secret
from installer.rehearsal.faults import Kind, Rule
from installer.session.visits import Visits
from tests.cli.kit import PASSPHRASE, Ran, Site, run, secret_at, sheet_at
from tests.planted import SHEET, SIP, WRONG_PASSPHRASE, WRONG_PASSWORD, encodings, octets_of, sheet_text

OTHERS = {
    "wrong password": WRONG_PASSWORD,
    "wrong passphrase": WRONG_PASSPHRASE,
    "argument": "OnTheCommandLine55",
    "url": "InTheUrl66x",
    "proxy": "InTheProxy88y",
    "token": "BearerTokenKx99",
}
CREATE, LIST, NUMBER = "*/specialty-line", "*/specialty-line", "*/telephonenumber*"


def planted(site: Site) -> tuple[str, ...]:
    return (*SIP, *OTHERS.values(), PASSPHRASE, site.platform.password)


def assert_nowhere(site: Site, ran: Ran) -> None:
    texts = {"stdout": ran.out.encode(), "stderr": ran.err.encode()}
    for path in site.home.rglob("*"):
        if path.is_file() and not (path.name.endswith(SHEET) and str(path) in ran.out):
            texts |= octets_of(path)
    for secret in planted(site):
        for form in encodings(secret):
            assert not [name for name, text in texts.items() if form in text], secret


def status(code: int, method: str = "POST", path: str = CREATE) -> Rule:
    return Rule(Kind.STATUS, method, path, status=code, count=None)


FAULTS = [
    *(status(code) for code in (400, 401, 403, 404, 409, 422, 500)),
    status(500, "GET", LIST), status(403, "GET", LIST), status(404, "GET", NUMBER),
    status(401, "POST", "*/v2/authorize"), status(500, "POST", "*/v2/authorize"),
    status(400, "PATCH", NUMBER), status(500, "PATCH", NUMBER),
    Rule(Kind.DROP_BEFORE_COMMIT, "POST", CREATE), Rule(Kind.DROP_AFTER_COMMIT, "POST", CREATE),
    Rule(Kind.TRUNCATED, "POST", CREATE), Rule(Kind.BODY, "POST", CREATE, body="empty"),
    Rule(Kind.PORTAL, "POST", CREATE, status=200), Rule(Kind.PORTAL, "GET", "*", status=511, count=None),
    Rule(Kind.EXPIRE_TOKEN, "POST", CREATE, count=None),
]  # fmt: skip


@pytest.mark.parametrize(
    "rule", FAULTS, ids=lambda rule: f"{rule.kind}-{rule.method}-{rule.path.strip(chr(42))}-{rule.status}"
)
def test_a_platform_that_fails(site: Site, rule: Rule) -> None:
    sheet = sheet_at(site.folder, sheet_text())
    site.faults(rule)
    ran = run("apply", sheet, "--yes", *site.options, "--deadline", "2", "--json")
    assert ran.events
    (loaded,) = site.thread.call(site.platform.faults.to_json)
    assert loaded["matched"]
    assert_nowhere(site, ran)


Arrange = Callable[[Site, Path, pytest.MonkeyPatch], list[object]]


def _password(site: Site, sheet: Path, _: pytest.MonkeyPatch) -> list[object]:
    wrong = secret_at(site.folder, "wrong", OTHERS["wrong password"])
    return ["plan", sheet, *site.options, "--password-file", wrong]


def _passphrase(site: Site, sheet: Path, _: pytest.MonkeyPatch) -> list[object]:
    wrong = secret_at(site.folder, "wrong", OTHERS["wrong passphrase"])
    return ["apply", sheet, *site.options, "--passphrase-file", wrong]


def _argument(site: Site, sheet: Path, _: pytest.MonkeyPatch) -> list[object]:
    return ["plan", sheet, *site.options, "--password", OTHERS["argument"]]


def _login_in_url(site: Site, sheet: Path, _: pytest.MonkeyPatch) -> list[object]:
    return ["plan", sheet, *site.options, "--base-url", f"https://me:{OTHERS['url']}@127.0.0.1:9"]


def _proxy(site: Site, sheet: Path, patch: pytest.MonkeyPatch) -> list[object]:
    patch.setenv("HTTPS_PROXY", f"http://me:{OTHERS['proxy']}@127.0.0.1:9")
    return ["plan", sheet, *site.options, "--base-url", "https://platform.invalid", "--deadline", "1"]


def _proxy_of_a_kind(site: Site, _: Path, patch: pytest.MonkeyPatch) -> list[object]:
    patch.setenv("HTTPS_PROXY", f"socks5://me:{OTHERS['proxy']}@127.0.0.1:9")
    return ["doctor", *site.options, "--base-url", "https://platform.invalid", "--deadline", "1"]


def _defect(site: Site, sheet: Path, patch: pytest.MonkeyPatch) -> list[object]:
    async def broken(*_: object) -> None:
        cause = OSError(PASSPHRASE)
        raise ExceptionGroup(SIP[0], [RuntimeError(site.platform.password, SIP)]) from cause

    patch.setattr(Visits, "plan", broken)
    return ["plan", sheet, *site.options]


def _damaged_sheet(site: Site, sheet: Path, _: pytest.MonkeyPatch) -> list[object]:
    sheet.write_text(sheet_text().replace("5035550117", "11"))
    return ["apply", sheet, "--yes", *site.options]


def _too_short(site: Site, sheet: Path, _: pytest.MonkeyPatch) -> list[object]:
    sheet.write_text(sheet_text().replace(SIP[0], "x9Q!z"))
    return ["apply", sheet, "--yes", *site.options]


def _unconfirmed(site: Site, sheet: Path, _: pytest.MonkeyPatch) -> list[object]:
    return ["apply", sheet, *site.options]


def _full(site: Site, sheet: Path, _: pytest.MonkeyPatch) -> list[object]:
    return ["apply", sheet, "--yes", *site.options, "--out", sheet / "below-a-file"]


@pytest.mark.parametrize(
    "arrange",
    [
        _password, _passphrase, _argument, _login_in_url, _proxy, _proxy_of_a_kind, _defect, _damaged_sheet,
        _too_short, _unconfirmed, _full,
    ],
)  # fmt: skip
@pytest.mark.parametrize("voice", [["--json"], []])
def test_a_command_that_fails(
    site: Site, monkeypatch: pytest.MonkeyPatch, arrange: Arrange, voice: list[str]
) -> None:
    sheet = sheet_at(site.folder, sheet_text())
    ran = run(*arrange(site, sheet, monkeypatch), *voice)
    assert ran.code != 0
    assert_nowhere(site, ran)


def test_a_defect_leaves_a_report_of_places_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run(*_defect(site, sheet_at(site.folder, sheet_text()), monkeypatch), "--json")
    assert (ran.code, ran.events[-1]["exit"]) == (1, 1)
    (report,) = site.home.glob("crash-*.txt")
    assert report.stat().st_mode & 0o777 == 0o600
    text = report.read_text()
    assert "verb plan" in text
    assert "RuntimeError" in text
    assert "OSError" in text
    assert "installer/cli/visit.py:" in text
    (left,) = ran.of("artifact")
    assert (left["kind"], left["path"]) == ("crash-report", str(report))
    assert left["sha256"] == hashlib.sha256(report.read_bytes()).hexdigest()
    assert (ran.codes, ran.err) == ({"defect"}, "")
    people = run(*_defect(site, sheet_at(site.folder, sheet_text()), monkeypatch))
    assert (people.code, "a defect in the kit (ExceptionGroup)" in people.err) == (1, True)
    assert Path(people.out.strip()).is_file()


def test_what_the_platform_quotes_of_a_request_is_taken_out() -> None:
    body = json.dumps({"lineName": "Elevator", "device": {"sipPassword": SIP[0]}}).encode()
    quoted = json.dumps(
        {"errorCode": "Bad", "message": f"not {SIP[0]} nor {OTHERS['token']}: Elevator"}
    ).encode()
    request = Request("POST", ApiPath("/v2/authorize"), CallKind.READ, body)
    reply = _discreet(Reply(422, "application/json", quoted), request, Secret(OTHERS["token"]))
    message = failure_of(reply, system_clock().now()).message
    assert "Elevator" in message
    assert SIP[0] not in message
    assert OTHERS["token"] not in message
