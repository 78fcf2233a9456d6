"""Queries and texts as no user would type them: for the laws that hold for anything at all."""

from __future__ import annotations

import hypothesis.strategies as st

PIECES = (
    *"()\"'#@*~-:/&|! „“‚‘»«\\[]{}^$?.+,",
    "NOT ", "AND ", " OR ", " NEAR/3 ", " NEAR ", "NEAR/101", "OR", "lang:de", "kind:post", "has:link", "site:a.de",
    "title:", "author:anna", "platform:x", " spoof:on", "spoof:", "a", "kindle", "Kindle Fire", "straße", "größe",
    "İ", "ς", "ſ", "ﬁ", "e\u0301", "u\u0308", "\u200b", "\u00ad", "\u202e", "😡", "👩‍👩‍👧", "電子書籍", "हिन्दी", "Ｋ",
    "кіndle",
    "/kin.?dle/", "/(a|b)c+/", "/[^x]{2,9}y/", "/\\d+ €/", "(?i)", "(?:", "\\b", "\\/", "{2,3}", "[[:alpha:]]", "\\pL",
    "C++", "AT&T", "24/7", "3.5", "https://a.de/b", "\n", "\t", "\0", "\ud800", " ", " ", " ",
)  # fmt: skip

queries: st.SearchStrategy[str] = st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
texts: st.SearchStrategy[str] = (
    st.text(st.characters(), max_size=60)
    | st.lists(st.sampled_from(PIECES) | st.characters(), max_size=20).map("".join)
    | queries
)

PATTERN_PIECES = (
    *"abksüß09 .", "kindle", "Kin", "le", "K", "ſ", "(", ")", "(?:", "(?i)", "(?-i)", "(?s:", "(?P<x>", "|", "?", "*",
    "+",
    "{0,2}", "{2}", "{1,}", "??", "+?", "[", "]", "[^", "[a-z]", "[]x]", "[[:alpha:]]", "\\b", "\\d", "\\w", "\\.",
    "\\/", "\\x{6b}", "\\x6b", "\\pL", "\\p{Greek}", "\\153", "\\Q", "\\E", "^", "$", "-", "{", "}", ",",
)  # fmt: skip
patterns: st.SearchStrategy[str] = st.lists(st.sampled_from(PATTERN_PIECES), min_size=1, max_size=8).map("".join)
pattern_texts: st.SearchStrategy[str] = st.lists(
    st.sampled_from(
        [*"abksüß09 .K-/", "kindle", "KINDLE", "Kin", "ſ", "\u212a", "\u0308", "\u0323", "\u200b", "ẞ", "\n"]
    ),
    max_size=14,
).map("".join)
