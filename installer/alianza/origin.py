"""Where the platform is: a base URL, the proxy on the way to it, and whose certificates are believed."""

from __future__ import annotations

import ipaddress
import ssl
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import truststore

from installer.errors import InvalidValue
from installer.text import safe


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of a base URL; plain http is to loopback only."""

    scheme: str
    host: str
    port: int
    netloc: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine."""
        return _is_loopback(self.host)


def parse_origin(base_url: str) -> Origin:
    """The origin that `base_url` names: https, or http to loopback; no path, login or query. InvalidValue."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refusal(base_url) from None
    is_plain = base_url.isascii() and base_url.isprintable() and " " not in base_url
    if not host or not is_plain or "@" in parts.netloc:
        raise _refusal(base_url)
    if parts.path.rstrip("/") or parts.query or parts.fragment:
        raise _refusal(base_url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise _refusal(base_url)
    return Origin(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), parts.netloc)


def environment_proxy(origin: Origin) -> str | None:
    """The proxy that the environment wants used, login included; never for loopback. Raises InvalidValue."""
    if origin.is_loopback:
        return None
    proxies = urllib.request.getproxies()
    found = proxies.get(origin.scheme) or proxies.get("all")
    if not found or urllib.request.proxy_bypass(origin.host):
        return None
    url = found if "://" in found else f"http://{found}"
    if urlsplit(url).scheme not in {"http", "https"}:
        raise InvalidValue(
            f"the environment's proxy {without_login(url)} cannot be used",
            code="invalid-proxy",
            wanted="an http or https proxy, or the platform's host in NO_PROXY",
        )
    return url


def without_login(url: str) -> str:
    """A proxy's address as people may see it."""
    parts = urlsplit(url)
    return safe(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", 80)


def trust(origin: Origin, ca_file: Path | None) -> ssl.SSLContext:
    """The system's roots and `ca_file`; for plain http a context that trusts nobody. Raises InvalidValue."""
    if origin.scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(ca_file))
        except OSError as error:
            raise InvalidValue(
                f"{safe(str(ca_file), 120)} gives no certificate authority: {error.strerror or 'not PEM'}",
                code="invalid-ca-file",
                wanted="a readable file with one or more certificates in PEM form",
            ) from None
    return context


def _refusal(base_url: str) -> InvalidValue:
    return InvalidValue(
        f"“{safe(base_url, 80).rpartition('@')[2]}” cannot be a platform's address",
        code="invalid-base-url",
        wanted="https://host or https://host:port; plain http only to loopback",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
