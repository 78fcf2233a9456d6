"""What the store is told, in the order in which it was heard, and what was listened for."""

from __future__ import annotations

from datetime import datetime

import msgspec

from listen.mention import Mention
from listen.post import Deletion, Gap, Mark, Wish


class Unmatched(msgspec.Struct, frozen=True):
    """A post that no topic of the watch wants any more since it was edited; `id` is the network's.

    With `edited_at` it leaves a mention alone that is newer.
    """

    platform: str
    id: str
    edited_at: datetime | None = None


class Withheld(msgspec.Struct, frozen=True):
    """A post that somebody wants to hear and whose author does not want it to be stored; `id` is the network's."""

    platform: str
    id: str
    wish: Wish


Heard = Mention | Unmatched | Withheld | Deletion | Mark | Gap


class Watch(msgspec.Struct, frozen=True):
    """Everything that is listened for in one run: the names of topics, each with the fingerprint of its query.

    Marks and edits speak only for these. Without topics a watch speaks for all of them.
    """

    topics: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.topics)
