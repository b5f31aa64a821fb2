"""Values of the configuration: what each kind of value may look like, and the cure in words where it does not.

Each check gives the value as it is used from then on, or raises `ValueError` with what is wrong and how to write it.
"""

import re
from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator

SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
NAME = re.compile(r"[a-z0-9-]+")
MAILBOX = re.compile(r"([^<>]*<)?([^\s<>@,;]+@[^\s<>@,;]+)(?(1)>)")
SECRET = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)")
STORE = re.compile(r"(sqlite:///|postgresql(\+psycopg)?://).+")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LAST_PORT = 65535


def read_span(text: object) -> timedelta:
    """Turns `30m`, `24h`, `14d`, `0h` into a timedelta; a bare number has no unit and is refused."""
    if isinstance(text, timedelta):
        return text
    found = re.fullmatch(r"([0-9]{1,6})\s*([smhd])", text.strip()) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f'{text!r} is no span of time; write a whole number with s, m, h or d, as in "30m"')
    return timedelta(seconds=int(found[1]) * SPANS[found[2]])


def read_review(text: object) -> timedelta | Literal["none", "required"]:
    """A span, or one of the two words."""
    if text == "none" or text == "required":  # noqa: PLR1714 - narrows the type
        return text
    try:
        return read_span(text)
    except ValueError:
        cure = 'write "none", "required" or a span such as "2h"'
        raise ValueError(f"{text!r} says nothing about the review; {cure}") from None


def check_url(url: str) -> str:
    """An absolute http or https address with a host and without user, query or fragment, final slash dropped."""
    if not is_site(url):
        raise ValueError(f"{url!r} is no address of a site; write it as https://news.example.org")
    return url.rstrip("/")


def check_hub(url: str) -> str:
    """The address of a WebSub hub, byte for byte."""
    if not is_site(url):
        raise ValueError(f"{url!r} is no address of a hub; write it as https://hub.example.net/")
    return url


def is_site(url: str) -> bool:
    """Whether a text is an http or https address with a host, without user, query or fragment."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url)
    return is_web and not (parts.username or parts.query or parts.fragment)


def check_zone(name: str) -> str:
    """The name of a time zone that this machine knows."""
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; use an IANA name such as America/Bogota")
    return name


def check_language(tag: str) -> str:
    """An RFC 5646 language tag."""
    if not LANGUAGE.fullmatch(tag):
        raise ValueError(f"{tag!r} is no language tag; use one such as en or es-MX")
    return tag


def check_name(name: str) -> str:
    """A name that stands in addresses and files."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} may hold only a-z, 0-9 and -")
    return name


def check_secret(reference: str) -> str:
    """A secret, given by reference only; what stood there is not repeated."""
    if not SECRET.fullmatch(reference):
        raise ValueError('a secret is given by reference only: "env:NAME" or "file:PATH"')
    return reference


def check_plain(text: str) -> str:
    """Text for a header or a page: not empty, no control, bidi or line-separator characters."""
    if not text.strip():
        raise ValueError("is empty")
    if CONTROLS.search(text):
        raise ValueError("holds control characters")
    return text


def check_mailbox(text: str) -> str:
    """One mailbox, bare or with a name before it."""
    if not MAILBOX.fullmatch(text):
        raise ValueError(f"{text!r} is no mailbox; write it as Name <digest@mail.example.org>")
    return text


def check_listen(text: str) -> str:
    """A host and a port."""
    host, colon, port = text.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) <= LAST_PORT):
        raise ValueError(f"{text!r} is no HOST:PORT; write it as 127.0.0.1:8080")
    return text


def check_store(url: str) -> str:
    """The address of a store; what is wrong is not repeated, for a password may stand in it."""
    if not STORE.fullmatch(url):
        raise ValueError("is no address of a store; write sqlite:///var/publisher.db or postgresql://user@host/name")
    return url


def check_schedule(expression: str) -> str:
    """Five cron fields, weekdays by name, not day of month and weekday together; raises `ValueError` with the cure."""
    fields = expression.split()
    if len(fields) != 5:  # noqa: PLR2004 - cron has five fields
        raise ValueError(f"{expression!r} needs five fields: minute hour day month weekday, as in 0 7 * * fri")
    day, weekday = fields[2], fields[4]
    if re.search(r"\d|#", weekday):
        raise ValueError(f"{expression!r}: write weekdays by name (mon, tue, ...); numbers differ between crons")
    if day != "*" and weekday != "*":
        both = "day of month and weekday together mean different things in different crons"
        raise ValueError(f"{expression!r}: {both}; make one of them *")
    from apscheduler.triggers.cron import CronTrigger  # slow to import, and needed by newsrooms with newsletters only

    try:
        CronTrigger.from_crontab(expression, timezone="UTC")  # else it asks for the machine's own, which may be none
    except ValueError as error:
        raise ValueError(f"{expression!r}: {error}; the fields are minute hour day month weekday") from error
    return expression


def check_some(values: tuple[str, ...]) -> tuple[str, ...]:
    """A list that holds something."""
    if not values:
        raise ValueError("must not be empty")
    return values


def listed(value: object) -> object:
    """One text as a list of one."""
    return (value,) if isinstance(value, str) else value


Span = Annotated[timedelta, BeforeValidator(read_span)]
Review = Annotated[timedelta | Literal["none", "required"], BeforeValidator(read_review)]
Url = Annotated[str, AfterValidator(check_url)]
Hub = Annotated[str, AfterValidator(check_hub)]
Zone = Annotated[str, AfterValidator(check_zone)]
Language = Annotated[str, AfterValidator(check_language)]
Name = Annotated[str, AfterValidator(check_name)]
SecretReference = Annotated[str, AfterValidator(check_secret)]
Plain = Annotated[str, AfterValidator(check_plain)]
Mailbox = Annotated[str, AfterValidator(check_plain), AfterValidator(check_mailbox)]
Listen = Annotated[str, AfterValidator(check_listen)]
StoreUrl = Annotated[str, AfterValidator(check_store)]
Cron = Annotated[str, AfterValidator(check_schedule)]
