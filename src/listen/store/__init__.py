"""What was heard, kept: mentions, cursors, gaps, and what was delivered, in one SQLite file."""

from listen.store.events import Heard, Unmatched, Watch
from listen.store.ledger import Missed, Standing
from listen.store.store import Store

__all__ = ["Heard", "Missed", "Standing", "Store", "Unmatched", "Watch"]
