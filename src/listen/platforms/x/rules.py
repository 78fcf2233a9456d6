"""The rules of the filtered stream: ours made anew as the topics want it, those of others left alone.

Rules belong to the app and outlive the run. Ours are known by their tag, `listen:` and a digest.
https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule
"""

from __future__ import annotations

from collections.abc import Sequence

from listen.platforms.x.api import Api
from listen.platforms.x.reading import digest
from listen.post import Notice

MOST = 1_000

_TAG = "listen:"


async def reconciled(api: Api, wanted: Sequence[str]) -> tuple[bool, list[Notice]]:
    """Make the app's rules of ours those that are wanted; whether the stream brings all of it now, and what to say.

    Raises PlatformError.
    """
    there = await api.rules()
    ours = [rule for rule in there if (rule.tag or "").startswith(_TAG)]
    known = {rule.value for rule in ours}
    others = len(there) - len(ours)
    surplus = [rule.id for rule in ours if rule.value not in wanted]
    missing = [value for value in dict.fromkeys(wanted) if value not in known]
    notices = []
    if others:
        said = f"{others} rules of the app's stream are not of listen; what they bring is paid for, and not looked for"
        notices.append(Notice(said if others > 1 else said.replace("rules", "rule", 1).replace("are", "is", 1)))
    if others + len(wanted) > MOST:
        return False, [*notices, Notice(f"the topics need {len(wanted)} rules, X has room for {MOST - others} more")]
    if surplus:
        await api.change_rules({"delete": {"ids": surplus}})
    refused: list[str] = []
    if missing:
        added = [{"value": value, "tag": f"{_TAG}{digest(value)}"} for value in missing]
        refused = await api.change_rules({"add": added})
    notices += [Notice(f"X refuses a rule of the stream: {words}") for words in refused[:3]]
    return not refused, notices
