"""Meta's Graph API, as Facebook, Instagram and Threads speak it: its errors, its pages, and listings under one cursor.

Addresses of next pages hold the token; of them only the place within the listing is kept.
"""

from listen.graph.api import Access, Graph
from listen.graph.bundle import Bundle, Part, Standing
from listen.graph.edge import Ask, Edge

__all__ = ["Access", "Ask", "Bundle", "Edge", "Graph", "Part", "Standing"]
