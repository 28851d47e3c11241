from __future__ import annotations

from pathlib import Path

import pytest

from installer.alianza.reply import Reply
from installer.alianza.transport import Wire
from installer.domain.credential import Secret
from installer.errors import Certainty, InvalidValue, NetworkFailure
from tests.alianza.stand_in import RawServer, http

GOOD = http(b'{"ok":true}')


async def call(port: int, *, deadline: float = 5.0, method: str = "GET", body: bytes | None = None) -> Reply:
    async with Wire(f"http://127.0.0.1:{port}", ca_file=None, deadline=deadline) as wire:
        return await wire.call(method, ("v2", "thing"), body=body, token=Secret("token"))


@pytest.mark.parametrize(
    "address",
    [
        "http://api.alianza.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://127.1",
        "ftp://127.0.0.1",
        "https://",
        "https://user:secret@api.alianza.com",
        "https://api.alianza.com/v2",
        "https://api.alianza.com/?a=b",
        "https://api.alianza.com/#x",
        "https://api.alianza.com:port",
        "https://api.alianza.com:99999",
        "https://[::1",
        "https://api.ali\nanza.com",
        "https://api alianza.com",
        "https://\u0430pi.alianza.com",
        "api.alianza.com",
        "",
    ],
)
def test_only_https_or_loopback_is_an_address(address: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Wire(address, ca_file=None, deadline=1)
    assert caught.value.code == "invalid-base-url"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://[::1]:1",
        "http://localhost:1/",
        "https://api.alianza.com/",
    ],
)
async def test_https_and_loopback_are_addresses(address: str) -> None:
    async with Wire(address, ca_file=None, deadline=1) as wire:
        assert wire.origin == address.rstrip("/")


class TestProxy:
    @pytest.fixture(autouse=True)
    def _no_other_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.upper(), raising=False)

    async def test_is_used_and_named_without_its_login(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with RawServer([http(b"", "407 Proxy Authentication Required")]) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://joe:hunter2@127.0.0.1:{proxy.port}")
            async with Wire("https://api.example.com", ca_file=None, deadline=5) as wire:
                assert wire.proxy == f"http://127.0.0.1:{proxy.port}"
                with pytest.raises(NetworkFailure) as caught:
                    await wire.call("POST", ("x",), body=b"{}", token=Secret("t0ken"))
        assert proxy.received.startswith(b"CONNECT api.example.com:443 ")
        assert b"t0ken" not in proxy.received
        failure = caught.value
        assert (failure.code, failure.certainty) == ("proxy", Certainty.NEVER_SENT)
        assert f"through the proxy http://127.0.0.1:{proxy.port}" in failure.message
        assert "hunter2" not in failure.message

    async def test_a_proxy_that_cuts_the_tunnel_was_sent_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with RawServer([b"HTTP/1.1 200 Connection established\r\n\r\n"]) as proxy:
            monkeypatch.setenv("ALL_PROXY", f"127.0.0.1:{proxy.port}")
            async with Wire("https://api.example.com", ca_file=None, deadline=5) as wire:
                with pytest.raises(NetworkFailure) as caught:
                    await wire.call("POST", ("x",), body=b"{}")
        assert caught.value.certainty is Certainty.NEVER_SENT

    async def test_loopback_never_goes_through_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        async with RawServer([GOOD]) as server:
            assert (await call(server.port)).status == 200

    async def test_hosts_can_be_excepted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
        monkeypatch.setenv("NO_PROXY", "example.com")
        async with Wire("https://api.example.com", ca_file=None, deadline=5) as wire:
            assert wire.proxy is None

    def test_a_kind_we_cannot_use_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "socks5://joe:hunter2@proxy.example:1080")
        with pytest.raises(InvalidValue) as caught:
            Wire("https://api.example.com", ca_file=None, deadline=5)
        assert caught.value.code == "invalid-proxy"
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"], ids=["missing", "empty", "not PEM"])
def test_a_ca_file_without_a_certificate_is_refused(tmp_path: Path, content: bytes | None) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_bytes(content)
    with pytest.raises(InvalidValue) as caught:
        Wire("https://localhost", ca_file=ca_file, deadline=1)
    assert caught.value.code == "invalid-ca-file"
