"""Signing in, and who holds which token."""

from __future__ import annotations

import hashlib
import hmac

from installer.rehearsal import seed
from installer.rehearsal.answers import Answer, Call, Problem, ok
from installer.rehearsal.storage import JsonObject
from installer.rehearsal.things import User

TOKEN_LIFE = 8 * 3600.0
"""Seconds from last use: Specialty Lines guide, Authentication."""


class Sessions:
    """Tokens in memory: a restart forgets them, as anything a client holds may be forgotten."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[User, float]] = {}
        self.users = {user.username: user for user in seed.USERS}

    def open(self, token: str, user: User, now: float) -> None:
        self._held[token] = (user, now)

    def use(self, token: str, now: float) -> User:
        """The token's holder, its life begun anew; 401 when it is unknown or was idle for 8 hours."""
        held = self._held.get(token)
        if held is None or now - held[1] > TOKEN_LIFE:
            self._held.pop(token, None)
            raise Problem(401, "ExpiredAuthToken", "Unauthorized")
        self._held[token] = (held[0], now)
        return held[0]

    def close(self, token: str) -> None:
        self._held.pop(token, None)

    def expire_all(self) -> None:
        self._held.clear()

    def authorize(self, call: Call) -> Answer:
        body = call.json()
        username, password = body.get("username"), body.get("password")
        if not isinstance(username, str) or not isinstance(password, str):
            raise Problem(400, "InvalidRequest", "username and password are wanted")
        user = self.users.get(username)
        if user is None or not hmac.compare_digest(
            user.password.encode(), password.encode("utf-8", "replace")
        ):
            raise Problem(401, "InvalidCredentials")
        token = call.world.new_id()
        self.open(token, user, call.now)
        return ok(_login(user, token))

    def userinfo(self, call: Call) -> Answer:
        return ok(_login(call.user, call.token))

    def logout(self, call: Call) -> Answer:
        self.close(call.token)
        return Answer(200)


def _login(user: User, token: str) -> JsonObject:
    """The published LoginTokenX; `pwdHash`, as declared, is bait: nobody may keep it."""
    return {
        "authToken": token,
        "userId": hashlib.sha256(user.username.encode()).hexdigest()[:22],
        "userType": "ManagementUser",
        "username": user.username,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "emailAddress": user.username,
        "partitionId": seed.PARTITION,
        "partitionName": seed.PARTITION_NAME,
        "permissions": {"Account": "DELETE", "TelephoneNumber": "DELETE", "SpecialtyLine": "DELETE"},
        "mustChangePassword": False,
        "mustAddEmail": False,
        "subPartitionIds": [],
        "maxLifeInHours": 8,
        "pwdHash": hashlib.sha256(user.password.encode()).hexdigest(),
    }
