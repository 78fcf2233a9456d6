"""What holds for every regular expression and every text."""

from __future__ import annotations

from listen.query.fold import fold
from listen.query.patterns import found, literals, problem_of


def check_pattern(pattern: str, text: str) -> None:
    """Places lie in the text, and one of the literals stands in what matched, folded."""
    problem = problem_of(pattern)
    if problem is not None:
        assert 0 <= problem[0] <= len(pattern)
        assert problem[1]
        return
    places = list(found(pattern, text))
    needed = literals(pattern)
    for start, end in places:
        assert 0 <= start < end <= len(text)
    assert not places or not needed or any(literal in fold(text) for literal in needed)
