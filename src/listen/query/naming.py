"""Queries as they stand while nobody knows yet who wrote a post.

Some networks tell an author's number with the post and the name only when asked. Until then whatever a query says of
authors is taken as it suits the post, so that none is dropped for a name that is not known.
"""

from __future__ import annotations

from listen.query.tree import And, Field, Node, Not, Or, all_of, any_of, none_of


def unnamed(node: Node) -> Node:
    """The query without its `author:` fields; it holds for every post for which the query may come to hold."""
    kept = _unnamed(node, wanted=True)
    return node if isinstance(kept, bool) else kept  # a query has a term outside of fields, so this is never True


def _unnamed(node: Node, *, wanted: bool) -> Node | bool:
    """What is left of the node, or whether it is taken as true."""
    match node:
        case Field("author", _):
            return wanted
        case Not(part):
            kept = _unnamed(part, wanted=not wanted)
            return not kept if isinstance(kept, bool) else none_of(kept)
        case And(parts):
            return _joined(parts, wanted=wanted, decides=False)
        case Or(parts):
            return _joined(parts, wanted=wanted, decides=True)
        case _:
            return node


def _joined(parts: tuple[Node, ...], *, wanted: bool, decides: bool) -> Node | bool:
    """What is left of an AND or OR; one part that is `decides` decides it."""
    kept = [_unnamed(part, wanted=wanted) for part in parts]
    if any(part is decides for part in kept):
        return decides
    nodes: list[Node] = [part for part in kept if not isinstance(part, bool)]
    if not nodes:
        return not decides
    return any_of(nodes) if decides else all_of(nodes)
