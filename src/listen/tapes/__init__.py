"""Recorded streams that come with `listen`: `demo.jsonl` shows the program at work without a network."""
