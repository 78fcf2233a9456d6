"""What a login leaves behind, and when one should log in again."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from listen.when import spoken

SOON = timedelta(days=7)


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """One login. `place` is the server, account or page, where a network has several; empty where it has one.

    `secrets` and `values` (that need not be hidden) become the platform's options of the same names; other secrets are
    what renewing takes. `ends_at` is aware UTC, None if it does not end or nobody says; `renews` if that moves it.
    """

    platform: str
    account: str
    made_at: datetime
    place: str = ""
    secrets: dict[str, str] = {}
    values: dict[str, str] = {}
    ends_at: datetime | None = None
    renews: bool = False
    in_keyring: bool = False

    @property
    def command(self) -> str:
        """What the user types to make it anew."""
        return f"listen login {self.platform}" + (f" {self.place}" if self.place else "")

    def is_of(self, place: str) -> bool:
        """Whether the user means this one, by its place or its account, however they spell it."""
        return _bare(place) in (_bare(self.place), _bare(self.account))

    def warning(self, now: datetime) -> str | None:
        """A line about its end if that is near or past; a login that renews itself ends only where that fails."""
        if self.ends_at is None:
            return None
        left = self.ends_at - now
        if left <= timedelta(0):
            said = f"the login of {self.account} has ended" if not self.renews else None
        elif left <= SOON and not self.renews:
            said = f"the login of {self.account} ends in {spoken(left)}"
        else:
            said = None
        return said and f"{self.platform}: {said}; '{self.command}' makes a new one"


def _bare(name: str) -> str:
    """`https://Troet.cafe/` and `@anna` as `troet.cafe` and `anna`."""
    return name.strip().lower().removeprefix("https://").rstrip("/").removeprefix("@")
