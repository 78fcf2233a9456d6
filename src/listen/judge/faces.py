"""Cues of every language: faces and hearts."""

from __future__ import annotations

from listen.judge.cues import Table

TABLE: Table = (
    ("complaint", 1.6, """
        😡; 🤬; 👎; 🖕; 🤮
    """),
    ("complaint", 0.9, """
        😤; 😠; 🙄; 🤦; 💩; 😒; 😑; 🤡; :(; :-(; :((; :'(; :/; :-/; 😭; 😢; 😞; 😩
    """),
    ("praise", 1.2, """
        😍; 🥰; ❤; 💖; 🤩; <3; 👍; 💯; 👏; 🎉
    """),
    ("praise", 0.4, """
        :); :-); :D; :-D; 😊; 😀; 🙏; 😁
    """),
)  # fmt: skip
