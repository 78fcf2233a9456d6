"""What the user listens for: topics, their query language, and the one matcher for all of them."""

from __future__ import annotations

from listen.query.parser import parse, parse_exclusion
from listen.query.tree import Query
from listen.watchlist.watchlist import Topic, Watchlist

__all__ = ["Query", "Topic", "Watchlist", "parse", "parse_exclusion"]
