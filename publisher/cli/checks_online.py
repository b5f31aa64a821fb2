"""The parts of `publisher check --online`: what is asked over the network, and what is not yet."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import assert_never

from publisher.cli.checks import Finding, fault, not_checked, ok, warning
from publisher.gather.fetching.fetch import HostTurns
from publisher.gather.run import fetcher_for
from publisher.gather.source import Event, Refusal, Seen, Visit
from publisher.gather.sources import make_source
from publisher.model.errors import ConfigurationError, PublisherError
from publisher.settings import ProviderKind, Settings, SourceKind, SourceSettings

FIRST = 50  #: events that a source may begin with before its first article, such as what is gone


def look_outside(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Asks every source; says what is not asked."""
    turns = HostTurns()
    for source in settings.sources:
        if source.kind is not SourceKind.FOLDER:
            yield ask_source(source, settings, turns, now=now)
    if settings.provider.kind is not ProviderKind.OUTBOX:
        what = "not asked yet by this version; `publisher test-send ID --to ADDRESS` shows whether it takes mail"
        yield not_checked("provider", what)
    yield not_checked("DNS", "SPF, DKIM and DMARC are not checked yet by this version; ask your provider's page")


def ask_source(source: SourceSettings, settings: Settings, turns: HostTurns, *, now: datetime) -> Finding:
    """Begins to gather by the same guarded client, ends after the first article, and stores nothing."""
    part = f"source {source.id}"
    visit = Visit(cursor={}, full=False, now=now, find=lambda _key: None, known=lambda: iter(()))
    with fetcher_for(source, settings, turns) as fetcher:
        try:
            first = first_article(make_source(source, settings, fetcher).changes(visit))
        except ConfigurationError as error:
            return fault(part, str(error))
        except PublisherError as error:
            return fault(part, f"{error}. Correct url, or look whether the site is up", is_configuration=False)
    return told(part, source.url, first)


def first_article(events: Iterable[Event]) -> Seen | Refusal | None:
    """The first article, taken or refused, among a source's first events; None where there is none."""
    return next((one for one in islice(events, FIRST) if isinstance(one, (Seen, Refusal))), None)


def told(part: str, url: str, first: Seen | Refusal | None) -> Finding:
    """What the first item says of a source."""
    match first:
        case Seen():
            return ok(part, f"{url} answers; it begins with {first.article.url}")
        case Refusal():
            return warning(part, f"{url} answers, but its first item would be refused: {first.reason}")
        case None:
            return ok(part, f"{url} answers, without any article at present")
        case _:
            assert_never(first)
