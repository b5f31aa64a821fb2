"""Differences: what a source says of an article and the store does not, in words for the person who decides."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from publisher.gather.cleaning.clean import plain_text
from publisher.gather.digests import normal_words
from publisher.licensing.licences import parse_licence
from publisher.licensing.names import short_name
from publisher.model.article import Article, SourceArticle, SourceTerm, Status, Term
from publisher.model.clock import stamp

LONGEST = 60  #: characters of a text that is quoted
QUOTED = 12  #: words of it


def differences(stored: Article, found: SourceArticle) -> tuple[str, ...]:
    """What would change, the weightiest first: `licence: CC BY 4.0 → none`, `text: 40 words are other ones`."""
    return (*of_rights(stored, found), *of_words(stored, found), *of_the_rest(stored, found))


def of_rights(stored: Article, found: SourceArticle) -> Iterator[str]:
    """What others may do with it."""
    if stored.status is Status.WITHDRAWN:
        yield "public again"
    if stored.licence != found.licence:
        yield f"licence: {licence_name(stored.licence)} → {licence_name(found.licence)}"
    if stored.rights_holder != found.rights_holder:
        yield change_of("rights holder", stored.rights_holder, found.rights_holder)
    if stored.no_republish != found.no_republish:
        yield "may not be republished" if found.no_republish else "may be republished again"
    if stored.embargo_until != found.embargo_until:
        yield change_of("embargo", moment(stored.embargo_until), moment(found.embargo_until))


def of_words(stored: Article, found: SourceArticle) -> Iterator[str]:
    """What readers read."""
    if stored.title != found.title:
        yield change_of("title", stored.title, found.title)
    before, after = ([one.name for one in authors] for authors in (stored.authors, found.authors))
    if before != after:
        yield change_of("byline", ", ".join(before), ", ".join(after))
    known = {one.text for one in stored.corrections}
    yield from (f"correction: “{short(one.text)}”" for one in found.corrections if one.text not in known)
    if stored.content_html != found.content_html:
        yield change_of_text(plain_text(stored.content_html), plain_text(found.content_html))


def of_the_rest(stored: Article, found: SourceArticle) -> Iterator[str]:
    """Where, when and under what it stands."""
    if stored.url != found.url:
        yield change_of("address", stored.url, found.url)
    if stored.published != found.published:
        yield change_of("published", moment(stored.published), moment(found.published))
    if stored.language != found.language:
        yield change_of("language", stored.language, found.language)
    for name in ("section", "countries", "topics"):
        before, after = (listed(getattr(article, name)) for article in (stored, found))
        if before != after:
            yield change_of(name, before, after)
    if stored.summary != found.summary:
        yield "summary"
    if [one.url for one in stored.images] != [one.url for one in found.images]:
        yield f"pictures: {len(stored.images)} → {len(found.images)}"


def change_of_text(before: str, after: str) -> str:
    """How two plain texts differ, by number of words and where they begin to."""
    old, new = normal_words(before).split(), normal_words(after).split()
    if old == new:
        return "markup of the text"
    pairs = enumerate(zip(old, new, strict=False))
    at = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    rest = f"other from word {at + 1:,} on: “{short(' '.join(new[at : at + QUOTED]))}”"
    return f"text: {len(old):,} → {len(new):,} words, {rest if at < len(new) else 'its end is gone'}"


def change_of(name: str, before: str, after: str) -> str:
    """One value that became another."""
    return f"{name}: {quoted(before)} → {quoted(after)}"


def quoted(text: str) -> str:
    """A value as it is shown."""
    return f"“{short(text)}”" if text else "none"


def short(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def listed(terms: Term | SourceTerm | Sequence[Term | SourceTerm] | None) -> str:
    """The names of a term, or of some in one order."""
    if terms is None:
        return ""
    some = terms if isinstance(terms, Sequence) else (terms,)
    return ", ".join(sorted(one.name for one in some))


def moment(when: datetime | None) -> str:
    """A moment, if there is one."""
    return stamp(when) if when else ""


def licence_name(url: str | None) -> str:
    """What a licence is called: `CC BY 4.0`, `none`."""
    licence = parse_licence(url or "")
    return short_name(licence) if licence else "none"
