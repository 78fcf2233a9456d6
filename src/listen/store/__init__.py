"""What was heard, kept: mentions, cursors, coverage, and what was delivered, in one SQLite file."""

from listen.store.appending import Extent
from listen.store.claims import Held, Running
from listen.store.delivering import Delivering
from listen.store.erasing import REASONS, Aged, Erasure, Reason
from listen.store.events import Heard, Unmatched, Watch, Withheld
from listen.store.ledger import Note, Standing
from listen.store.rechecking import Walk
from listen.store.rows import Byline
from listen.store.store import Filing, Store
from listen.store.stretches import Before
from listen.store.upkeep import Trouble

__all__ = [
    "REASONS", "Aged", "Before", "Byline", "Delivering", "Erasure", "Extent", "Filing", "Heard", "Held", "Note",
    "Reason", "Running", "Standing", "Store", "Trouble", "Unmatched", "Walk", "Watch", "Withheld",
]  # fmt: skip
