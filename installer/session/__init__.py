"""The façade both front ends hold: one Session, a module per chapter."""

from installer.session.session import Session
from installer.session.settings import Answers, Settings

__all__ = ["Answers", "Session", "Settings"]
