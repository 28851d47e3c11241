"""What differs between platforms, gateways, line uses, label stocks and sheets: TOML, checked when read.

A profile's id is its file's name in lower case. The kit's own stand beside the checkout or inside the wheel;
a file of the same kind and name under the home's profiles/ replaces one whole.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from installer.domain.cabling import Jack, Rj11Jack, Rj21Pair, Rj21Position
from installer.domain.gateway import GatewayModel
from installer.domain.label import LabelSheet
from installer.domain.line import LineUse
from installer.domain.registrar import Registrar
from installer.errors import InvalidValue, UsageFault
from installer.text import safe

_FILE_LIMIT = 100_000
_SLACK = 0.01
"""Millimetres by which a label grid may overrun its page: stock geometry is rounded."""


@dataclass(frozen=True, slots=True)
class PlatformProfile:
    """A platform; `base_url` is empty where `embedded`: the kit starts it. `warning` is for the writer."""

    name: str
    title: str
    base_url: str
    embedded: bool
    registrar: Registrar
    warning: str


class Profiles:
    """Every profile by kind and id; a kind is read when it is first asked for.

    Reading raises UsageFault, naming every fault of that kind by file and key.
    """

    def __init__(self, own: Path, override: Path | None) -> None:
        self._folders = (own,) if override is None else (own, override)

    @classmethod
    def load(cls, override: Path | None = None) -> Profiles:
        """The kit's profiles, with those of `override` (the home's profiles/) in front."""
        return cls(own_folder(), override)

    @cached_property
    def platforms(self) -> Mapping[str, PlatformProfile]:
        """By name: production, beta, rehearsal."""
        return {name: wire.platform(name) for name, wire in self._read("platforms", _Platform).items()}

    def platform_at(self, base_url: str) -> PlatformProfile | None:
        """The platform whose address that is, however it is spelled; None where no profile has it."""
        wanted = _origin(base_url)
        return next(
            (each for each in self.platforms.values() if wanted and _origin(each.base_url) == wanted), None
        )

    @cached_property
    def gateways(self) -> Mapping[str, GatewayModel]:
        """By id, fewest ports first."""
        models = [wire.model(name) for name, wire in self._read("gateways", _Gateway).items()]
        return {model.id: model for model in sorted(models, key=lambda model: (model.fxs_ports, model.id))}

    @cached_property
    def uses(self) -> Mapping[str, LineUse]:
        """By id, such as fire-panel."""
        return {
            name: LineUse(name, wire.name, wire.symbol, wire.life_safety)
            for name, wire in self._read("uses", _Use).items()
        }

    @cached_property
    def labels(self) -> Mapping[str, LabelSheet]:
        """By id, such as avery-5160."""
        return {name: wire.sheet(name) for name, wire in self._read("labels", _Label).items()}

    @cached_property
    def sheets(self) -> Mapping[str, tuple[str, ...]]:
        """Column orders by id; `credential` is the sheet the partner gets."""
        return {name: wire.columns for name, wire in self._read("sheets", _Sheet).items()}

    def model(self, text: str) -> GatewayModel:
        """The gateway model that `text` names by id or by the platform's device type. Raises InvalidValue."""
        wanted = text.strip().casefold()
        for model in self.gateways.values():
            if wanted in (model.id.casefold(), model.device_type.casefold()):
                return model
        known = ", ".join([*self.gateways, *(model.device_type for model in self.gateways.values())])
        raise InvalidValue(
            f"“{safe(text, 40)}” is no gateway model known here",
            code="unknown-model",
            wanted=f"one of {known}",
        )

    def _read(self, kind: str, shape: type[_Wire]) -> dict[str, _Wire]:
        files: dict[str, Path] = {}
        for folder in self._folders:
            files |= {path.stem.casefold(): path for path in sorted((folder / kind).glob("*.toml"))}
        read: dict[str, _Wire] = {}
        faults: list[str] = []
        for name in sorted(files):
            try:
                read[name] = _parse(files[name], shape)
            except _Faulty as faulty:
                faults += [f"{kind}/{safe(files[name].name, 60)}: {reason}" for reason in faulty.reasons]
        if faults:
            raise UsageFault(
                "profiles cannot be used: " + "; ".join(faults),
                code="invalid-profile",
                remedy="correct the named files, or remove them to use the kit's own",
            )
        return read


def own_folder() -> Path:
    packaged = Path(__file__).parent / "_profiles"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "profiles"


def _origin(base_url: str) -> tuple[str, int | None] | None:
    """Host and port, None for text that names neither."""
    try:
        parts = urlsplit(base_url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    return (parts.hostname.rstrip("."), port) if parts.hostname else None


class _Faulty(Exception):
    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def _parse(path: Path, shape: type[_Wire]) -> _Wire:
    try:
        with path.open("rb") as file:
            octets = file.read(_FILE_LIMIT + 1)
        if len(octets) > _FILE_LIMIT:
            raise _Faulty(f"longer than {_FILE_LIMIT} bytes")
        return shape.model_validate(tomllib.loads(octets.decode()))
    except OSError as fault:
        raise _Faulty(f"cannot be read ({fault.strerror})") from fault
    except UnicodeDecodeError as fault:
        raise _Faulty("not UTF-8") from fault
    except tomllib.TOMLDecodeError as fault:
        raise _Faulty(f"not TOML: {safe(str(fault))}") from fault
    except ValidationError as fault:
        raise _Faulty(
            *(
                f"{safe('.'.join(map(str, error['loc'])) or 'the file', 80)}: {safe(error['msg'])}"
                for error in fault.errors(include_input=False, include_url=False)
            )
        ) from fault


_Words = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[ -~]+$")]
_Host = Annotated[str, StringConstraints(max_length=253, pattern=r"^[A-Za-z0-9.:\[\]-]*$")]
_Millimetres = Annotated[float, Field(ge=0, le=2000, allow_inf_nan=False)]
_Size = tuple[_Millimetres, _Millimetres]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Platform(_Shape):
    title: _Words
    warning: Annotated[str, StringConstraints(max_length=200, pattern=r"^[ -~]*$")] = ""
    base_url: Annotated[str, StringConstraints(pattern=r"^(https?://[!-~]+)?$")] = ""
    embedded: bool = False
    registrar: _Host = ""
    registrar_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    sip_domain: _Host = ""
    transport: Literal["", "udp", "tcp", "tls"] = ""

    @model_validator(mode="after")
    def _one_home(self) -> _Platform:
        if self.embedded == bool(self.base_url):
            raise ValueError("either embedded = true or a base_url")
        return self

    def platform(self, name: str) -> PlatformProfile:
        registrar = Registrar(self.registrar, self.registrar_port, self.sip_domain, self.transport)
        return PlatformProfile(name, self.title, self.base_url, self.embedded, registrar, self.warning)


class _Rj21(_Shape):
    connector: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,8}$")]
    pairs: Annotated[int, Field(ge=1, le=25)]


class _Gateway(_Shape):
    device_type: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,60}$")]
    name: _Words
    confirmed: bool
    rj11_jacks: Annotated[int, Field(ge=1, le=500)] | None = None
    rj21: tuple[_Rj21, ...] = ()

    @model_validator(mode="after")
    def _one_kind_of_socket(self) -> _Gateway:
        if (self.rj11_jacks is None) == (not self.rj21):
            raise ValueError("either rj11_jacks or [[rj21]] connectors")
        if len({socket.connector for socket in self.rj21}) < len(self.rj21):
            raise ValueError("an rj21 connector stands twice")
        return self

    def model(self, name: str) -> GatewayModel:
        jacks: tuple[Jack, ...] = tuple(Rj11Jack(str(n)) for n in range(1, (self.rj11_jacks or 0) + 1))
        jacks += tuple(
            Rj21Position(socket.connector, Rj21Pair(n))
            for socket in self.rj21
            for n in range(1, socket.pairs + 1)
        )
        return GatewayModel(name, self.device_type, self.name, jacks, self.confirmed)


class _Use(_Shape):
    name: _Words
    symbol: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,8}$")]
    life_safety: bool


class _Label(_Shape):
    name: _Words
    page: _Size
    columns: Annotated[int, Field(ge=1, le=100)]
    rows: Annotated[int, Field(ge=1, le=100)]
    cell: _Size
    margin: _Size
    pitch: _Size

    @model_validator(mode="after")
    def _fits(self) -> _Label:
        for axis, count in enumerate((self.columns, self.rows)):
            end = self.margin[axis] + (count - 1) * self.pitch[axis] + self.cell[axis]
            if self.cell[axis] <= 0 or end > self.page[axis] + _SLACK:
                raise ValueError(f"the {('columns', 'rows')[axis]} do not fit the page")
            if count > 1 and self.pitch[axis] < self.cell[axis]:
                raise ValueError(f"the {('columns', 'rows')[axis]} overlap")
        return self

    def sheet(self, name: str) -> LabelSheet:
        return LabelSheet(
            name, self.name, self.page, self.columns, self.rows, self.cell, self.margin, self.pitch
        )


class _Sheet(_Shape):
    columns: Annotated[tuple[str, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _each_once(self) -> _Sheet:
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("a column stands twice")
        return self


_Wire = TypeVar("_Wire", bound=_Shape)
