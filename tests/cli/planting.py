"""Secrets in every option that can hold one, a server that repeats them, and what is found of them afterwards."""

from __future__ import annotations

import base64
import itertools
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import quote

import msgspec

from listen.http import Secret
from listen.platforms import known
from tests.servers.answers import FOLDER, answers_of
from tests.servers.scripted import Reply, Request

PLANTED = re.compile(r"hush[\w-]*planted[\w-]*")
BESIDES = {"bluesky": {"handle": "anna.example", "pds": "{base}"}}  # what secrets belong to
STATUSES = (401, 403, 400, 404, 429, 500, 302)


def secret_options(name: str) -> list[str]:
    """The options of a platform that hold secrets, alone or in a table."""
    hints = get_type_hints(known()[name].options)
    return [option for option, kind in hints.items() if kind is Secret or "Secret" in str(kind)]


def sections() -> list[str]:
    """The folders of answers, of which a platform may have several, with secrets in their options."""
    names = sorted(path.parent.name for path in FOLDER.glob("*/answers.toml"))
    return [name for name in names if PLANTED.search(json.dumps(sown(name, "http://127.0.0.1:1")))]


def planted(name: str, option: str) -> str:
    return f"hush-{name}-{option}-planted-0123456789abcdef"


def platform_of(folder: str) -> str:
    return answers_of(folder).platform or folder


def sown(folder: str, base: str) -> dict[str, Any]:
    """The section of the platform's own answers, pointed at the server, with every secret it can have planted."""
    name = platform_of(folder)
    told = {**answers_of(folder).options, **BESIDES.get(name, {})}
    told = json.loads(json.dumps(told).replace("{base}", base).replace("{ws}", f"ws{base[4:]}"))
    for option in secret_options(name):
        alone = planted(name, option)
        keys = (base, base.removeprefix("http://"), "100200300") if option.endswith("s") else ()
        for value in (alone, [alone], *({key: alone} for key in keys)):
            if fits(name, {**told, option: value}):
                told[option] = value
                break
    return dict(replanted(name, told))


def replanted(name: str, told: Any) -> Any:
    """With the secrets that tables within the section hold; such answers write them as hush-..."""
    if isinstance(told, dict):
        return {key: replanted(name, value) for key, value in told.items()}
    if isinstance(told, list):
        return [replanted(name, value) for value in told]
    return planted(name, told) if isinstance(told, str) and re.fullmatch(r"hush-[a-z]+", told) else told


def fits(name: str, options: Mapping[str, Any]) -> bool:
    try:
        msgspec.convert(options, known()[name].options, dec_hook=lambda kind, value: Secret(value, "test"))
    except (msgspec.ValidationError, TypeError):
        return False
    return True


def written(name: str, section: Mapping[str, Any]) -> str:
    """The config as TOML; JSON's texts, numbers and lists are TOML's too."""

    def value(told: Any) -> str:
        if isinstance(told, dict):
            return "{ " + ", ".join(f"{json.dumps(key)} = {value(inner)}" for key, inner in told.items()) + " }"
        if isinstance(told, list):
            return "[" + ", ".join(map(value, told)) + "]"
        return json.dumps(told)

    others = "".join(f"[platforms.{other}]\nenabled = false\n" for other in known() if other != name)
    lines = "".join(f"{key} = {value(told)}\n" for key, told in section.items())
    return f'[[topic]]\nname = "kindle"\nquery = "kindle OR #kindle"\n{others}[platforms.{name}]\n{lines}'


class Chatterbox:
    """Answers as the platform's answers say, or refuses; and repeats all secrets in everything that it can."""

    def __init__(self, name: str, secrets: list[str], *, kind: bool) -> None:
        self.answers = answers_of(name)
        self.said = " ".join(secrets)
        self.kind = kind
        self._statuses = itertools.cycle(STATUSES)

    def __call__(self, request: Request) -> Reply:
        told = f"{self.said} {request.headers.get('authorization', '')} {request.target}"
        page = f"/next?access_token={quote(self.said.split()[0])}&key={quote(self.said.split()[-1])}"
        headers = {"X-Told": told, "X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": told}
        if self.kind:
            reply = self.answers.reply(request)
            return msgspec.structs.replace(reply, headers={"X-Told": told, **reply.headers})
        status = next(self._statuses)
        error = {"message": told, "error": told, "errors": [told], "paging": {"next": page}}
        where = {"Location": page, "Link": f'<{page}>; rel="next"'}
        body = json.dumps(error).encode()
        return Reply(status=status, body=body, headers={"Content-Type": "application/json", **headers, **where})


def leaks(home: Path, outputs: Mapping[str, str], sought: re.Pattern[str] = PLANTED) -> dict[str, list[str]]:
    """What was found, by where; the config, where the user wrote secrets, and logins and sessions are no leaks."""
    files = {
        str(path.relative_to(home)): text_of(path)
        for path in home.rglob("*")
        if path.is_file() and path.name != "listen.toml" and path.parent.name not in ("logins", "sessions")
    }
    found = {place: sought.findall(text) for place, text in {**files, **outputs}.items()}
    return {place: tokens for place, tokens in found.items() if tokens} | dict(encoded(files | dict(outputs)))


def text_of(path: Path) -> str:
    """All bytes as letters; workbooks are unpacked."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("latin-1")
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode("latin-1") for name in packed.namelist())


def encoded(texts: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Secrets that went out packed, as Basic authorization is."""
    for place, text in texts.items():
        for word in re.findall(r"Basic ([A-Za-z0-9+/=]{16,})", text):
            if PLANTED.search(base64.b64decode(word + "==").decode("latin-1")):
                yield place, [word]
