"""What the store is told, in the order in which it was heard."""

from __future__ import annotations

import msgspec

from listen.mention import Mention
from listen.post import Deletion, Gap, Mark


class Unmatched(msgspec.Struct, frozen=True):
    """A post that no topic wants any more since it was edited; `id` is the network's."""

    platform: str
    id: str


Heard = Mention | Unmatched | Deletion | Mark | Gap
