"""The query language once more, slow and simple, to compare the matcher with.

It walks over characters instead of using patterns, and knows only scripts with spaces.
"""

from __future__ import annotations

import unicodedata

from listen.post import Post
from listen.query.tree import (
    And,
    At,
    Compound,
    Exact,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Tag,
    Title,
    Word,
)

ZERO_WIDTH = "\u200b\u00ad\ufe0f\u200d"


def simple(text: str) -> str:
    """Folded by the book, one step after the other."""
    seen = "".join(character for character in text if character not in ZERO_WIDTH)
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", seen).casefold())
    spelled = composed.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFD", spelled) if not "\u0300" <= c <= "\u036f")


def exact(text: str) -> str:
    """Case and accents as they are."""
    return unicodedata.normalize("NFC", "".join(character for character in text if character not in ZERO_WIDTH))


def pieces(text: str) -> list[str]:
    """Words, and every other character on its own."""
    found: list[str] = []
    inside = False
    for character in text:
        if character.isalnum():
            if inside:
                found[-1] += character
            else:
                found.append(character)
        else:
            found.append(character)
        inside = character.isalnum()
    return found


def without_links(text: str) -> str:
    """Links become a word that nobody looks for."""
    return "".join("zzlinkzz" if part.startswith("https://") else part for part in _split_keeping_spaces(text))


def _split_keeping_spaces(text: str) -> list[str]:
    parts: list[str] = [""]
    for character in text:
        if character.isspace():
            parts += [character, ""]
        else:
            parts[-1] += character
    return parts


def matches(node: Node, post: Post) -> bool:
    """Whether the post matches."""
    return _holds(node, post, pieces(without_links(simple(post.document))), without_links(exact(post.document)))


def _holds(node: Node, post: Post, seen: list[str], written: str) -> bool:
    match node:
        case And(parts):
            return all(_holds(part, post, seen, written) for part in parts)
        case Or(parts):
            return any(_holds(part, post, seen, written) for part in parts)
        case Not(part):
            return not _holds(part, post, seen, written)
        case Field(name, value):
            return (post.lang if name == "lang" else post.platform) == value
        case Near(left, right, distance):
            return any(
                _words(seen[b:c]) <= distance
                for one, other in ((left, right), (right, left))
                for _, b in _places(one, seen, written)
                for c, _ in _places(other, seen, written)
                if b <= c
            )
        case Title(term):
            title = post.title or ""
            return bool(_places(term, pieces(without_links(simple(title))), without_links(exact(title))))
        case _:
            return bool(_places(node, seen, written))


def _words(seen: list[str]) -> int:
    return sum(piece[0].isalnum() for piece in seen)


def _places(node: Node, seen: list[str], written: str) -> list[tuple[int, int]]:
    match node:
        case Or(parts):
            return [place for part in parts for place in _places(part, seen, written)]
        case Word(text) | Phrase(text):
            wanted = [piece for piece in pieces(simple(text)) if piece.isalnum()]
            joined = _tags("".join(wanted), seen, prefix=False) if len(wanted) > 1 else []
            return _phrases(wanted, seen) + joined
        case Exact(text):
            return _phrases([text], pieces(written))
        case Prefix(text):
            return [(n, n + 1) for n, piece in enumerate(seen) if piece.startswith(simple(text))]
        case Compound(text):
            return _compounds(simple(text), seen)
        case Tag(name, prefix):
            return _tags(simple(name), seen, prefix=prefix)
        case At(name):
            return [(n, n + 2) for n in range(len(seen) - 1) if seen[n] == "@" and _is_name(seen, n, simple(name))]
        case _:
            raise AssertionError(node)


def _phrases(wanted: list[str], seen: list[str]) -> list[tuple[int, int]]:
    places = []
    for start in range(len(seen)):
        at = start
        for number, word in enumerate(wanted):
            gap = at
            while number and at < len(seen) and seen[at] in " \n-.,!'_#@":
                at += 1
            if (number and gap == at) or at == len(seen) or seen[at] != word:
                break
            at += 1
        else:
            places.append((start, at))
    return places


def _compounds(first: str, seen: list[str]) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    for n, piece in enumerate(seen):
        end = n + 1
        while end + 1 < len(seen) and seen[end] == "-" and seen[end + 1].isalnum():
            end += 2
        if _is_compound(piece, first) and (not places or n >= places[-1][1]):
            places.append((n, end))
    return places


def _is_compound(piece: str, first: str) -> bool:
    rest = piece.removeprefix(first)
    return piece.startswith(first) and (len(rest) > 2 or rest in ("", "s", "es", "n", "en", "ns", "e", "er"))


def _tags(name: str, seen: list[str], *, prefix: bool) -> list[tuple[int, int]]:
    places = []
    for n in range(len(seen) - 1):
        end = n + 1
        while end < len(seen) and (seen[end].isalnum() or seen[end] == "_"):
            end += 1
        tag = "".join(seen[n + 1 : end])
        if seen[n] == "#" and _opens(seen, n) and (tag.startswith(name) if prefix else tag == name):
            places.append((n, end))
    return places


def _is_name(seen: list[str], n: int, name: str) -> bool:
    after = seen[n + 2] if n + 2 < len(seen) else " "
    later = seen[n + 3] if n + 3 < len(seen) else " "
    longer = after == "_" or (after == "-" and (later[0].isalnum() or later == "_"))
    return seen[n + 1] == name and _opens(seen, n) and not longer


def _opens(seen: list[str], n: int) -> bool:
    return n == 0 or not (seen[n - 1][-1].isalnum() or seen[n - 1] in "_/")
