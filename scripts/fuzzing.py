"""Feeds our parsers nonsense and says how they bore it; fails where one raises what is not ours, is slow, or swells.

    scripts/fuzz [--seconds 60] [--seed 1] [--only feed]

Each parser in turn gets seeds of its own kind that were cut, doubled, mixed and sprinkled with what breaks parsers.
Everything follows from the seed, which is printed: a failure is repeated by giving it again. The input that failed is
kept in var/fuzz/. Each parser runs in a process of its own, a new one after so many inputs: the memory that is measured
is what that parser takes for them, and what libxml2 remembers (every element name) is not mistaken for it.
"""

import argparse
import hashlib
import random
import resource
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from publisher.gather.feed.article import FeedReading
from publisher.gather.feed.document import NotAFeedError
from publisher.gather.feed.events import Taken, events_of
from publisher.gather.feed.parse import parse_feed
from publisher.gather.folder.matter import NotAnArticleError, read_front_matter
from publisher.gather.pages.page import NotAPageError, read_page
from publisher.gather.push import find_hub
from publisher.gather.rights import Rights
from publisher.gather.sitemap.parse import NotASitemapError, parse_sitemap
from publisher.model.errors import PublisherError
from publisher.settings import SourceOptions

MAX_SECONDS = 2.0
MAX_MEGABYTES = 300
MAX_BYTES = 2_000_000  #: of an input
INPUTS = 100_000  #: for one process, as a visit has a thread for itself
URL = "https://news.example.org/feed"
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
KEPT = Path("var/fuzz")
SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "samples" / "fuzz"
#: Errors with which a parser may say that it will not have it.
OURS = (PublisherError, NotAFeedError, NotAnArticleError)

SPICES = (
    *rb"&amp;amp; &#0; &#xD800; &#x1F; &nbsp; &b; ]]> <![CDATA[ --> <!-- <? <!DOCTYPE <item> </item> <entry>".split(),
    *rb"</channel> </rss> <title> </title> <x:y> xmlns= <![ ' = < > & ; / { } [ ] , : --- * ! |".split(),
    *(b"\x00", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xff\xfe", b'"'),
    b"<!DOCTYPE r [<!ENTITY a 'aa'>]>",
    b"\xe2\x80\xae",
    b"javascript:alert(1)",
    b"http://[",
    b"9999-12-31T23:59:59Z",
    b"0001-01-01",
    b"Fri, 99 Foo 2026 99:99:99 XQZ",
    b"<a>" * 3000,
    b"&amp;" * 2000,
    b"[" * 3000,
    b"{" * 3000,
    b'{"a":' * 2000,
    b"<b " + b"a='1' " * 500 + b">",
    b"\n" * 5000,
    b"x" * 100_000,
    b"9" * 5000,
    "😀é".encode() * 500,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parser:
    """What is tried."""

    name: str
    read: Callable[[bytes], object]

    @property
    def seeds(self) -> tuple[bytes, ...]:
        """Sound samples of what it reads."""
        return tuple(path.read_bytes() for path in sorted((SAMPLES / self.name).iterdir()))


@dataclass(slots=True)
class Record:
    """How a parser bore it."""

    tried: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_input: str = ""
    megabytes: float = 0.0  #: the most that a process of it ever had
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Record") -> None:
        """Counts what another process met."""
        if other.slowest > self.slowest:
            self.slowest, self.slowest_input = other.slowest, other.slowest_input
        self.tried += other.tried
        self.refused += other.refused
        self.megabytes = max(self.megabytes, other.megabytes)
        self.faults += other.faults


def read_feed(body: bytes) -> None:
    """A feed, all its entries, and its hub."""
    document = parse_feed(body, url=URL, headers={"Content-Type": "application/xml; charset=utf-8"})
    reading = FeedReading(
        feed=document.feed,
        url=URL,
        options=SourceOptions(section="category"),
        rights=Rights(licence=None, whence="", holder="", own=frozenset()),
        language="en",
        now=NOW,
        first_seen=lambda _: None,
    )
    for _ in events_of(document, reading, Taken(), lambda _: None):
        pass
    find_hub({"Link": body[:400].decode("latin-1")}, document.feed, URL)


def read_matter(body: bytes) -> None:
    """The front matter of a file."""
    read_front_matter(body.decode("utf-8", "replace"), "America/Bogota")


def read_a_sitemap(body: bytes) -> None:
    """A sitemap."""
    try:
        parse_sitemap(body, URL)
    except NotASitemapError as error:
        raise NotAFeedError(str(error)) from error


def read_a_page(body: bytes) -> None:
    """A web page, with all that it says of itself."""
    try:
        read_page(body, URL, {"Content-Type": "text/html"})
    except NotAPageError as error:
        raise NotAFeedError(str(error)) from error


#: A new parser goes here: how to call it; samples of what it reads stand under its name in tests/samples/fuzz.
PARSERS = (
    Parser(name="feed", read=read_feed),
    Parser(name="matter", read=read_matter),
    Parser(name="sitemap", read=read_a_sitemap),
    Parser(name="page", read=read_a_page),
)


def broken(random_: random.Random, seeds: tuple[bytes, ...]) -> bytes:
    """A seed after one to six accidents."""
    body = random_.choice(seeds)
    for _ in range(random_.randint(1, 6)):
        at, other = random_.randrange(len(body) + 1), random_.randrange(len(body) + 1)
        first, last = min(at, other), max(at, other)
        match random_.randrange(8):
            case 0:
                body = body[:at]
            case 1:
                body = body[:first] + body[last:]
            case 2:
                times = random_.choice((1, 1, 2, 50))
                body = body[:last] + body[first:last][: MAX_BYTES // times] * times + body[last:]
            case 3:
                body = body[:at] + random_.randbytes(random_.choice((1, 1, 4, 60))) + body[at:]
            case 4:
                mate = random_.choice(seeds)
                body = body[:at] + mate[random_.randrange(len(mate)) :]
            case _:
                body = body[:at] + random_.choice(SPICES) + body[at:]
        body = body[:MAX_BYTES]
    if random_.randrange(20) == 0:
        body = body.decode("utf-8", "replace").encode(
            random_.choice(("utf-16", "utf-16-le", "cp1252", "utf-8-sig")), "replace"
        )
    return body


def try_one(parser: Parser, body: bytes, record: Record) -> str:
    """Gives a parser one input; the fault, if it bore it badly."""
    began = time.perf_counter()
    fault = ""
    try:
        parser.read(body)
    except OURS:
        record.refused += 1
    except Exception as error:  # noqa: BLE001 - what this program looks for
        where = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__}: {str(error)[:200]} ({Path(where.filename).name}:{where.lineno})"
    took = time.perf_counter() - began
    record.tried += 1
    if took > record.slowest:
        record.slowest, record.slowest_input = took, keep(parser, body)
    if took > MAX_SECONDS:
        fault = fault or f"took {took:.1f} s over {len(body):,} bytes"
    if megabytes() > MAX_MEGABYTES >= record.megabytes:
        fault = fault or f"the process has {megabytes():.0f} MB, at an input of {len(body):,} bytes"
    record.megabytes = megabytes()
    return f"{fault}; {keep(parser, body)}" if fault else ""


def keep(parser: Parser, body: bytes) -> str:
    """Writes an input down and gives its name."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{parser.name}-{hashlib.sha256(body).hexdigest()[:12]}"
    path.write_bytes(body)
    return str(path)


def megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fuzz_some(name: str, seconds: float, seed: str) -> Record:
    """Tries a parser for so long, with `INPUTS` at most."""
    warnings.simplefilter("ignore")
    parser = next(one for one in PARSERS if one.name == name)
    record, random_ = Record(), random.Random(seed)  # noqa: S311 - repeatable
    seeds = parser.seeds
    for body in seeds:
        parser.read(body)
    end = time.monotonic() + seconds
    while time.monotonic() < end and record.tried < INPUTS:
        if fault := try_one(parser, broken(random_, seeds), record):
            record.faults.append(f"{seed}, input {record.tried}: {fault}")
    return record


def fuzz(parser: Parser, seconds: float, seed: int) -> Record:
    """Tries a parser for so long, in one process after the other."""
    record, end, count = Record(), time.monotonic() + seconds, 0
    while (left := end - time.monotonic()) > 0:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            record.add(pool.submit(fuzz_some, parser.name, left, f"{seed}-{parser.name}-{count}").result())
        count += 1
    return record


def main() -> int:
    """Tries the parsers one after the other, and prints how they bore it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60, help="for all parsers together (default 60)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=[parser.name for parser in PARSERS])
    asked = options.parse_args()
    chosen = [parser for parser in PARSERS if asked.only in {parser.name, None}]
    print(f"seed {asked.seed}, {asked.seconds:g} s for {', '.join(parser.name for parser in chosen)}")
    faults = 0
    for parser in chosen:
        record = fuzz(parser, asked.seconds / len(chosen), asked.seed)
        print(
            f"{parser.name:8} {record.tried:,} inputs, {record.refused:,} refused, slowest {record.slowest:.2f} s "
            f"({record.slowest_input}), memory at most {record.megabytes:.0f} MB, {len(record.faults)} faults"
        )
        print("".join(f"         {fault}\n" for fault in record.faults[:20]), end="")
        faults += len(record.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
