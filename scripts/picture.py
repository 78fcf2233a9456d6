"""Draws docs/watch.svg, the picture in the README, with the program's own live view.

Posts of the demo tape go through the real watchlist and the real judge: the picture shows nothing that the program
does not say. Run it as `python scripts/picture.py` after a change to the live view or the judge.
"""

from __future__ import annotations

import io
import os
import re
import time
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import msgspec
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from listen.judge import judge
from listen.mention import Change, Context, Mention
from listen.outputs.health import Scene, Tally, status
from listen.outputs.row import block
from listen.post import Post
from listen.source import Health
from listen.watchlist import Topic, Watchlist

TARGET = Path(__file__).parents[1] / "docs" / "watch.svg"
WIDTH = 96
NOW = datetime(2026, 11, 23, 7, 4, tzinfo=UTC)
THEME = TerminalTheme(
    (24, 27, 34),
    (214, 219, 229),
    [(60, 66, 80), (242, 112, 112), (140, 200, 120), (229, 192, 123),
     (110, 160, 240), (214, 132, 220), (92, 200, 210), (214, 219, 229)],
)  # fmt: skip


SHOWN = ("anna-1", "005", "007", "012", "shauna-1")  # ends of ids on the tape
WATCHLIST = Watchlist([Topic(name=word, query=word) for word in ("kindle", "kobo", "tolino")])


def main() -> None:
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    console = Console(
        file=io.StringIO(), record=True, width=WIDTH, force_terminal=True, color_system="standard", highlight=False
    )
    console.print(Text.assemble(("$ ", "dim"), ("listen watch", "bold"), " kindle kobo tolino"), Text(), sep="\n")
    tally = Tally()
    for place, name in enumerate(SHOWN):
        change = Change("new", _mention(name, NOW - timedelta(seconds=47 * (len(SHOWN) - place))))
        tally.add(change)
        console.print(block(change, NOW, WIDTH, console), Text(), sep="\n", soft_wrap=True)
    console.print(status(_scene(tally), WIDTH), soft_wrap=True)
    TARGET.write_text(_svg(console), encoding="utf-8")


def _mention(name: str, when: datetime) -> Mention:
    post = msgspec.structs.replace(_posts()[name], posted_at=when)
    context = Context(lang=post.lang, rating=post.rating, kind=post.kind, followers=post.followers)
    return Mention(post=post, matches=WATCHLIST.matches(post), verdict=judge(post.document, context), seen_at=NOW)


def _posts() -> dict[str, Post]:
    tape = (files("listen.tapes") / "demo.jsonl").read_text(encoding="utf-8").splitlines()
    lines = [msgspec.json.decode(line) for line in tape]
    posts = [msgspec.convert({"url": None, "author": None, "posted_at": None} | line, Post)
             for line in lines if line["event"] == "post"]  # fmt: skip
    return {post.id.split(":", 1)[1]: post for post in posts}


def _scene(tally: Tally) -> Scene:
    sources = (
        Health(platform="bluesky", source="jetstream", state="live"),
        *(Health(platform="mastodon", source=str(server), state="live") for server in range(5)),
        Health(platform="hackernews", source="items", state="waiting", next_try=NOW + timedelta(seconds=20)),
    )
    return Scene(sources=sources, tally=tally, pace=340, topics=("kindle",), now=NOW)


def _svg(console: Console) -> str:
    """The picture without rich's fonts from the net: a README must not make its readers call anywhere."""
    template = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    template = template.replace("font-family: Fira Code,", "font-family: Menlo, Consolas, DejaVu Sans Mono,")
    return console.export_svg(title="listen", theme=THEME, code_format=template, unique_id="listen")


if __name__ == "__main__":
    main()
