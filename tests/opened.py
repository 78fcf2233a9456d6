"""The networks that are on without a config, which tests turn off so that nothing leaves the loopback interface."""

from __future__ import annotations

from listen.platforms import known

OPEN = frozenset(name for name, platform in known().items() if platform.facts.needs is None)


def off(*but: str) -> str:
    """Sections of a config that turn off all of them but these."""
    return "".join(f"[platforms.{name}]\nenabled = false\n" for name in sorted(OPEN - set(but)))
