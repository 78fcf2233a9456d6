"""The German cue tables: which words speak for what, and how strongly.

A weight is in log-odds: 3 settles the matter alone, 2 nearly, 1 needs company. The longest phrase that fits wins,
so an exception is simply written out (`nie Probleme` beats `Probleme`).
"""

from __future__ import annotations

from listen.judge.german import around, complaint, opportunity, praise

TABLES = (complaint.TABLE, praise.TABLE, opportunity.TABLE, around.TABLE)
