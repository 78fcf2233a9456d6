"""The demo tape shows the whole program: both languages, chatter, and every kind of event."""

from __future__ import annotations

import json
import re
from importlib.resources import files


def test_the_demo_tape_holds_both_languages_chatter_and_every_kind_of_event() -> None:
    tape = (files("listen.tapes") / "demo.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in tape.splitlines()]
    posts = [line for line in lines if line["event"] == "post"]
    wanted = [
        post for post in posts if re.search(r"(?i)\b(kindle|tolino|kobo)\b", post["text"] + post.get("title", ""))
    ]
    assert 60 <= len(lines) <= 80
    assert 30 <= sum(line["after"] for line in lines) <= 90
    assert 0.5 <= len(wanted) / len(posts) <= 0.7
    assert abs(sum(post["lang"] == "de" for post in posts) - sum(post["lang"] == "en" for post in posts)) <= 6
    assert {line["id"] for line in lines if line["event"] != "post"} <= {post["id"] for post in posts}
    assert {line["event"] for line in lines} == {"post", "edit", "delete"}
    assert tape.replace("\n", "").isprintable()
