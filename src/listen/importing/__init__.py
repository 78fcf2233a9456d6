"""Mentions from files into the store: earlier exports of ours, and other tools' tables by a map of their columns."""

from listen.importing.filing import Filer, Filing
from listen.importing.reading import Manner, read

__all__ = ["Filer", "Filing", "Manner", "read"]
