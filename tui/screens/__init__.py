"""The steps of the visit, in their order; what a step needs is loaded when it is first opened."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.step import Step


@dataclass(frozen=True, slots=True)
class Stop:
    """A step by its name; called, it is that step, opened anew."""

    NAME: str
    _where: str

    def __call__(self) -> Step:
        """The step, ready to be shown."""
        return self._kind()

    @property
    def HELP(self) -> str:  # noqa: N802 - as the step spells it
        """What F1 tells of it."""
        return self._kind.HELP

    @property
    def _kind(self) -> type[Step]:
        module, name = self._where.split(":")
        kind: type[Step] = getattr(import_module(f"tui.screens.{module}"), name)
        return kind


STEPS = (
    Stop("Sign in", "signin:SignIn"),
    Stop("Visits", "visits:Visits"),
    Stop("Account", "account:Account"),
    Stop("Gateways", "gateways:Gateways"),
    Stop("Ports", "ports:Ports"),
    Stop("Credentials", "credentials:Credentials"),
    Stop("Review", "review:Review"),
    Stop("Provision", "provision:Provision"),
    Stop("Sheet", "sheet:Sheet"),
    Stop("Registration", "registration:Registrations"),
    Stop("Labels", "labels:Labels"),
    Stop("Done", "done:Done"),
)
