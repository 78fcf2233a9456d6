"""How mentions leave the program: live view, plain lines, JSONL and CSV; only here and in `cli` is a terminal known."""
