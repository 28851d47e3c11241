"""The façade both front ends hold: one Session, a module per chapter."""

from typing import TYPE_CHECKING

from installer.session.session import Session
from installer.session.settings import Answers, Settings

if TYPE_CHECKING:
    from installer.outputs.visit import OpenItem as OpenItem
    from installer.outputs.written import WrittenFile as WrittenFile
    from installer.provisioning.visit import Happening as Happening

__all__ = ["Answers", "Session", "Settings"]
