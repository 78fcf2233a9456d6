"""What was heard, kept: mentions, cursors, coverage, and what was delivered, in one SQLite file."""

from listen.store.appending import Extent
from listen.store.claims import Held, Running
from listen.store.delivering import Delivering
from listen.store.events import Heard, Unmatched, Watch
from listen.store.ledger import Note, Standing
from listen.store.store import Filing, Store
from listen.store.stretches import Before

__all__ = [
    "Before", "Delivering", "Extent", "Filing", "Heard", "Held", "Note", "Running", "Standing", "Store", "Unmatched",
    "Watch",
]  # fmt: skip
