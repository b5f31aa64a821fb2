"""Digests of an article's state, by which one look is compared with another. Pure.

whole    everything that the source says: equal means nothing to do
steady   {body}.{rest}: without what is another at every look (who signed a picture's address, "3 hours ago")
words    {title}-{text}-{byline}.{licence}.{correction-correction...}: what readers and partners care about
"""

import dataclasses
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from publisher.gather.cleaning.clean import plain_text
from publisher.model.addresses import picture_key
from publisher.model.article import SourceArticle

#: What is no state of the article: under which key it came, hints of the source, and what we noted while cleaning.
NOT_STATE = frozenset({"key", "modified", "notes"})
#: What a reader reads and sees: it is rendered by the CMS, and so varies where nobody edited anything.
BODY = frozenset({"title", "content_html", "summary", "images"})
#: A typographic apostrophe is one all the same; a soft hyphen is nothing.
ONE_SPELLING = {0x2019: "'", 0x00AD: None}
#: A word, with what stands inside of it: 1.5, l'État, 20:30.
WORD = re.compile(r"\w+(?:[.,:'/-]\w+)*")
#: Times that tick by themselves, in the languages of our newsrooms.
UNITS = {
    "en": r"(?:\d+|an?|one)\s+(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)\s+ago|just now",
    "es": r"hace\s+(?:\d+|una?)\s+(?:segundos?|minutos?|horas?|d[íi]as?|semanas?)",
    "pt": r"há\s+(?:\d+|uma?)\s+(?:segundos?|minutos?|horas?|dias?|semanas?)",
    "fr": r"il y a\s+(?:\d+|une?)\s+(?:secondes?|minutes?|heures?|jours?|semaines?)",
    "de": r"vor\s+(?:\d+|einer|einem)\s+(?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?)",
}
TICKING = re.compile(rf"\b(?:{'|'.join(UNITS.values())})\b", re.IGNORECASE)
PICTURE = re.compile(r'(<img\b[^<>]*?\bsrc=")([^"]*)("[^<>]*>)')
BETWEEN = re.compile(r">\s+<")
SIZES = re.compile(r' (?:width|height)="\d+"')


@dataclass(frozen=True, slots=True)
class Digests:
    """How one state of an article compares with others."""

    whole: str
    words: str
    steady: str


def digests_of(found: SourceArticle) -> Digests:
    """The digests of what a source says now."""
    return Digests(whole=state_digest(found), words=words_digest(found), steady=steady_digest(found))


def state_digest(found: SourceArticle) -> str:
    """A digest of all that the source says of the article."""
    return digest_of_values({name: value for name, value in dataclasses.asdict(found).items() if name not in NOT_STATE})


def steady_digest(found: SourceArticle) -> str:
    """Digests of the body and of the rest, without what varies by the look."""
    state = {name: value for name, value in dataclasses.asdict(found).items() if name not in NOT_STATE}
    body = {
        "title": found.title,
        "text": " ".join(
            BETWEEN.sub("><", SIZES.sub("", PICTURE.sub(steady_picture, still(found.content_html)))).split()
        ),
        "summary": still(found.summary),
        "pictures": [picture_key(image.url) for image in found.images],
    }
    rest = {name: value for name, value in state.items() if name not in BODY} | {
        "images": [(image.alt, image.caption, image.credit, image.licence, image.rights) for image in found.images]
    }
    return f"{digest_of_values(body)}.{digest_of_values(rest)}"


def words_digest(found: SourceArticle) -> str:
    """Digests of the words that count; markup, quotes, letter case and the date of a correction do not."""
    parts = [found.title, plain_text(found.content_html), "\n".join(author.name for author in found.authors)]
    words = "-".join(digest_of(normal_words(part)) for part in parts)
    corrections = sorted(digest_of(normal_words(one.text)) for one in found.corrections)
    return f"{words}.{digest_of(found.licence or '')}.{'-'.join(corrections)}"


def title_digest(title: str) -> str:
    """How `words` begins for an article of that title."""
    return digest_of(normal_words(title))


def normal_words(text: str) -> str:
    """The words of a text in one spelling, parted by single spaces; times that tick are left out."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", still(text)).casefold().translate(ONE_SPELLING)))


def still(text: str) -> str:
    """A text without the times that tick."""
    return TICKING.sub("", text)


def steady_picture(found: re.Match[str]) -> str:
    """A picture's element with what tells it from others in the place of its address."""
    return f"{found[1]}{picture_key(found[2])}{found[3]}"


def digest_of_values(values: Mapping[str, object]) -> str:
    """A digest of what JSON can hold, and dates."""
    return digest_of(json.dumps(values, sort_keys=True, ensure_ascii=False, default=printed))


def digest_of(text: str) -> str:
    """128 bits of SHA-256: no one gains by a collision, and a row stays short."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def printed(value: object) -> str:
    """Dates for JSON."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be digested")
