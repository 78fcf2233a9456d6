"""The query language: a query as a tree, its parser, the form in which texts are compared, what networks are asked."""

from __future__ import annotations

from listen.query.parser import parse, parse_exclusion
from listen.query.tree import Query

__all__ = ["Query", "parse", "parse_exclusion"]
