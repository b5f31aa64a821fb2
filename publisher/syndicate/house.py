"""What rendering needs to know of the newsroom, read once from the settings; and dates as its readers write them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from publisher.licensing.licences import Licence, parse_licence
from publisher.licensing.rights import own_names
from publisher.model.article import Article
from publisher.render import languages
from publisher.render.views import contact_address
from publisher.settings import CounterLevel, Settings, SourceKind

KitId = Callable[[int], str]  #: by an article's number: what stands for its kit in the counter's address
OWN_KINDS = frozenset({SourceKind.WORDPRESS, SourceKind.GHOST, SourceKind.FOLDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The source that an article came from."""

    name: str
    url: str
    is_own: bool  #: the newsroom's own; a feed or sitemap is another's unless it stands on the newsroom's host


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The newsroom, as what leaves it speaks of it."""

    name: str
    url: str
    public_url: str
    host: str
    languages: tuple[str, ...]
    zone: ZoneInfo
    contact: str
    postal_address: str
    rights_holder: str
    own: frozenset[str]  #: every name that means "ours"
    licence: Licence | None  #: the default; None when it is unknown
    embargo: timedelta
    requests: tuple[str, ...]
    sources: Mapping[str, Origin]
    scopes: tuple[str, ...]
    formats: tuple[str, ...]
    items: int
    full_text: bool
    hubs: tuple[str, ...]
    counter: CounterLevel = "off"
    kit_id: KitId | None = None  #: needed where the counter is on

    @property
    def language(self) -> str:
        """The first language: of every page and feed that has none of its own."""
        return self.languages[0]

    @property
    def contact_url(self) -> str:
        """Where the contact leads, if it is an address of mail or web; "" for words."""
        return contact_address(self.contact)

    def address(self, path: str) -> str:
        """The public address of a path under `public/`; of a page, its folder's."""
        return f"{self.public_url}/{path.removesuffix('index.html')}"

    def is_own(self, article: Article) -> bool:
        """Whether the text is the newsroom's own. The holder decides where he is named, else the source."""
        origin = self.sources.get(article.source)
        # A CMS may hold a partner's text, and a feed may be the newsroom's second site.
        if article.rights_holder:
            is_ours = article.rights_holder.casefold() in {name.casefold() for name in self.own}
            return is_ours or (origin.is_own if origin else False)
        return origin.is_own if origin else True


def house_of(settings: Settings, kit_id: KitId | None = None) -> House:
    """The house as configured."""
    newsroom, licence, feeds = settings.newsroom, settings.licence, settings.feeds
    return House(
        name=newsroom.name,
        url=newsroom.url,
        public_url=newsroom.public_url,
        host=newsroom.host,
        languages=newsroom.languages,
        zone=ZoneInfo(newsroom.timezone),
        contact=newsroom.contact,
        postal_address=newsroom.postal_address,
        rights_holder=settings.rights_holder,
        own=own_names(newsroom.name, settings.rights_holder, licence.own_credits),
        licence=parse_licence(licence.default),
        embargo=licence.embargo,
        requests=licence.requests,
        sources={source.id: _origin(source.kind, source.url, newsroom.host) for source in settings.sources},
        scopes=feeds.scopes,
        formats=feeds.formats,
        items=feeds.items,
        full_text=feeds.content == "full",
        hubs=feeds.hub,
        counter=licence.counter,
        kit_id=kit_id,
    )


def long_date(day: date | datetime, language: str, zone: ZoneInfo | None = None) -> str:
    """A day in words; a moment is put into its zone first."""
    return languages.long_date(day.astimezone(zone).date() if isinstance(day, datetime) else day, language)


def language_name(language: str) -> str:
    """A language in its own words, `Español`; its tag when nobody told us."""
    name = languages.language_name(language, within=language)
    return name[:1].upper() + name[1:] if name != language else language


def _origin(kind: SourceKind, url: str, host: str) -> Origin:
    """A source as an origin of articles."""
    # A folder has no host of its own: it is the newsroom's.
    where = urlsplit(url).hostname or host
    return Origin(name=where, url=url, is_own=kind in OWN_KINDS or where.removeprefix("www.") == host)
