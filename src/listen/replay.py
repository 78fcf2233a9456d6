"""Recorded files through the pipeline, in batches, without a network."""

from __future__ import annotations

from collections.abc import Iterator

from listen.mention import Change
from listen.pipeline import Pipeline
from listen.post import Event
from listen.recording import Unreadable, read

BATCH = 2_000  # events stored in one transaction


def replayed(recording: str, pipeline: Pipeline) -> Iterator[Unreadable]:
    """Run a file through the pipeline until its end or the selection's limit; yields the lines it had to skip.

    Every mention in the file is shown, whether or not the store knew it. Raises RecordingError, StoreError.
    """
    batch: list[Event] = []
    for event in read(recording):
        if isinstance(event, Unreadable):
            yield event
            continue
        batch.append(event)
        if len(batch) == BATCH:
            _carry(recording, pipeline, batch)
            batch = []
            if pipeline.full:
                return
    _carry(recording, pipeline, batch)


def _carry(recording: str, pipeline: Pipeline, batch: list[Event]) -> None:
    mentions = pipeline.take_recorded(recording, batch)
    pipeline.show(Change("new", mention) for mention in mentions)
    pipeline.output.flush()
