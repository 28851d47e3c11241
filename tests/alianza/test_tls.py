"""TLS with certificates of our own making, over loopback."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from installer.alianza.transport import Wire
from installer.domain.credential import Secret
from installer.errors import Certainty, NetworkFailure
from tests.alianza.stand_in import RawServer, http


@dataclass(frozen=True)
class Authority:
    """A certificate authority in a folder."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}.pem"

    def server(self, host: str, *, days: int = 1) -> ssl.SSLContext:
        """What a server of that name presents; negative `days` is one that has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _draft(host, self.name, key, days)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        held = self.folder / f"{host}{days}.pem"
        held.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + certificate.public_bytes(Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(held)
        return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _draft(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
    )


def authority(folder: Path, name: str) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _draft(name, name, key, 2)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = Authority(folder, name, key, certificate)
    made.file.write_bytes(certificate.public_bytes(Encoding.PEM))
    return made


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return authority(tmp_path, "Our CA")


async def refusal(server: RawServer, ca_file: Path | None) -> NetworkFailure:
    async with Wire(f"https://localhost:{server.port}", ca_file=ca_file, deadline=10) as wire:
        with pytest.raises(NetworkFailure) as caught:
            await wire.call("POST", ("v2", "authorize"), body=b"the password", token=Secret("the token"))
    assert server.received == b""
    assert (caught.value.code, caught.value.certainty) == ("tls", Certainty.NEVER_SENT)
    assert "--ca-file" in caught.value.remedy
    return caught.value


async def test_a_ca_file_is_trusted(ours: Authority) -> None:
    async with (
        RawServer([http(b"{}")], tls=ours.server("localhost")) as server,
        Wire(f"https://localhost:{server.port}", ca_file=ours.file, deadline=10) as wire,
    ):
        assert (await wire.call("GET", ("x",))).body == b"{}"


async def test_an_unknown_ca_is_refused_before_a_byte_leaves_and_named(ours: Authority) -> None:
    async with RawServer(tls=ours.server("localhost")) as server:
        failure = await refusal(server, None)
    assert "issued to CN=localhost by CN=Our CA" in failure.message


async def test_another_ca_is_refused(ours: Authority, tmp_path: Path) -> None:
    other = authority(tmp_path, "Other CA")
    async with RawServer(tls=ours.server("localhost")) as server:
        await refusal(server, other.file)


async def test_a_certificate_for_another_host_is_refused(ours: Authority) -> None:
    async with RawServer(tls=ours.server("portal.example")) as server:
        failure = await refusal(server, ours.file)
    assert "CN=portal.example" in failure.message


async def test_a_certificate_that_ran_out_is_refused(ours: Authority) -> None:
    async with RawServer(tls=ours.server("localhost", days=-1)) as server:
        failure = await refusal(server, ours.file)
    assert "expired" in failure.message


async def test_a_server_that_does_not_speak_tls_is_refused() -> None:
    async with RawServer([http(b"{}")]) as server:
        async with Wire(f"https://localhost:{server.port}", ca_file=None, deadline=2.5) as wire:
            with pytest.raises(NetworkFailure) as caught:
                await wire.call("POST", ("x",), body=b"the password")
        assert b"password" not in server.received
    assert caught.value.certainty is Certainty.NEVER_SENT


async def test_tls_below_1_2_is_refused(ours: Authority) -> None:
    context = ours.server("localhost")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    async with RawServer(tls=context) as server:
        await refusal(server, ours.file)
