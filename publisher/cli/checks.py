"""The parts of `publisher check` that need no network."""

import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateError

from publisher.assembly import make_provider
from publisher.audience.secrets import load_secrets
from publisher.cli.printing import count_words
from publisher.gather.folder.source import folder_of
from publisher.gather.run import fetcher_for
from publisher.gather.sources import make_source
from publisher.licensing.licences import parse_licence
from publisher.model.article import Kind, Scope
from publisher.model.errors import ConfigurationError, StoreError
from publisher.render.environment import template_environment, template_fault
from publisher.settings import ProviderKind, Settings, SourceKind, read_secret, read_tables, unknown_variables
from publisher.shipped import shipped_folder
from publisher.store.articles import list_terms
from publisher.store.engine import Store
from publisher.store.migrate import check_step

#: The folder under `public/feeds/` by the key of a selection.
FEED_FOLDERS = {"sections": "section", "countries": "country", "topics": "topic"}
PRIVATE = stat.S_IRWXG | stat.S_IRWXO  #: bits that a secret file must not have


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a look at one part showed."""

    part: str
    result: str  #: `ok`, `fault`, `warning` or `not_checked`
    words: str
    is_configuration: bool = True  #: a fault that the configuration or its files can mend


def ok(part: str, words: str) -> Finding:
    """Nothing to do."""
    return Finding(part=part, result="ok", words=words)


def fault(part: str, words: str, *, is_configuration: bool = True) -> Finding:
    """Something to mend."""
    return Finding(part=part, result="fault", words=words, is_configuration=is_configuration)


def warning(part: str, words: str) -> Finding:
    """Something to know."""
    return Finding(part=part, result="warning", words=words)


def not_checked(part: str, words: str) -> Finding:
    """Something that nobody looked at, and says so."""
    return Finding(part=part, result="not_checked", words=words)


def check_configuration(settings: Settings) -> Iterator[Finding]:
    """The file was read without fault; variables that mean nothing are most likely misspelt."""
    letters = count_words(len(settings.newsletters), "newsletter")
    sources = count_words(len(settings.sources), "source")
    yield ok("configuration", f"{settings.file}: {sources}, {letters}")
    if not settings.sources:
        yield warning("sources", "none is configured: nothing can be gathered")
    for name in unknown_variables():
        yield warning("environment", f"{name} means nothing here; is it misspelt?")


def check_secrets(settings: Settings) -> Iterator[Finding]:
    """The house's own secrets are there, whole, and nobody else's to read."""
    folder = settings.var / "secrets"
    if not folder.exists() and not store_file(settings).exists():
        yield warning("secrets", f"{folder}: not made yet; the first command that needs them makes them")
        return
    load_secrets(settings.var)
    open_to_all = [path for path in sorted(folder.iterdir()) if path.stat().st_mode & PRIVATE]
    for path in open_to_all:
        yield fault("secrets", f"{path} can be read by other users. Set it right with: chmod 600 {path}")
    if not open_to_all:
        yield ok("secrets", f"{folder}: signing keys and suppression key; keep them in your backup")


def check_store(settings: Settings) -> Iterator[Finding]:
    """The store opens and is up to date; one that is not there is not made by looking."""
    if settings.store.url.startswith("sqlite") and not store_file(settings).exists():
        yield ok("store", f"{store_file(settings)}: not made yet; the first command that needs it makes it")
        return
    store = Store(settings.store.url, settings.folder)
    try:
        check_step(store)
    finally:
        store.close()
    yield ok("store", f"{store.engine.url.render_as_string(hide_password=True)}: up to date")


def store_file(settings: Settings) -> Path:
    """Where a SQLite store is."""
    return settings.folder / settings.store.url.removeprefix("sqlite:///")


def check_sources(settings: Settings) -> Iterator[Finding]:
    """Kinds are built, options mean something, folders are there, secrets can be looked up.

    Whether a site answers is asked with `--online`.
    """
    for source in settings.sources:
        part = f"source {source.id}"
        if source.kind is SourceKind.FOLDER:
            folder = folder_of(source, settings)
            there = folder.is_dir()
            missing = f"{folder}: there is no such folder. Correct url, or make it"
            yield ok(part, f"{folder} is there") if there else fault(part, missing)
        try:
            with fetcher_for(source, settings) as fetcher:  # nothing is fetched: making it reads the options
                make_source(source, settings, fetcher)
        except ConfigurationError as error:
            yield from (fault(part, line) for line in error.faults)
        for key in ("key", "password"):
            yield from look_up(settings, f"sources.{source.id}.options.{key}", getattr(source.options, key))


def check_licences(settings: Settings) -> Iterator[Finding]:
    """Every licence is one that we know exactly: what is not, permits nothing."""
    named = [("licence.default", settings.licence.default)]
    named += [(f"sources.{n}.licence", s.licence) for n, s in enumerate(settings.sources) if s.licence]
    for key, text in named:
        licence = parse_licence(text)
        if licence is None:
            yield fault("licences", licence_words(settings.file, key, text))
        elif licence.is_open:
            yield ok("licences", f"{key}: {licence.url}")
        else:
            yield warning("licences", f"{key}: all rights reserved, so partners may republish nothing under it")


def licence_words(file: Path, key: str, text: str) -> str:
    """A licence that permits nothing, because nobody can tell which it is."""
    cure = "Use a Creative Commons address, an SPDX id such as CC-BY-NC-4.0, or all-rights-reserved"
    return f"{file}: {key}: {text!r} is no licence that is known. {cure}"


def licence_faults(file: Path) -> Iterator[str]:
    """The unknown licences of a configuration that cannot be used for other reasons."""
    try:
        raw = read_tables(file)
    except ConfigurationError:
        return  # not even TOML, and told already
    licence, sources = raw.get("licence"), raw.get("sources")
    named = [("licence.default", licence.get("default"))] if isinstance(licence, dict) else []
    for number, source in enumerate(sources if isinstance(sources, list) else ()):
        if isinstance(source, dict):
            named.append((f"sources.{number}.licence", source.get("licence")))
    yield from (licence_words(file, k, text) for k, text in named if isinstance(text, str) and not parse_licence(text))


def check_newsletters(settings: Settings) -> Iterator[Finding]:
    """What a newsletter selects is something that articles have: a slug that none has selects nothing."""
    if settings.store.url.startswith("sqlite") and not store_file(settings).exists():
        return
    scopes = (("sections", Scope.SECTION), ("countries", Scope.COUNTRY), ("topics", Scope.TOPIC))
    store = Store(settings.store.url, settings.folder)
    try:
        with store.read() as tx:
            known = {name: {term.slug for term in list_terms(tx, scope, kinds=tuple(Kind))} for name, scope in scopes}
    except StoreError:
        return  # the store's own check says so
    finally:
        store.close()
    for name, newsletter in settings.newsletters.items():
        for key, slugs in known.items():
            unknown = [slug for slug in getattr(newsletter.select, key) if slug not in slugs]
            if unknown:
                cure = f"Slugs stand in the addresses of feeds, as in feeds/{FEED_FOLDERS[key]}/SLUG.rss"
                where = f"{settings.file}: newsletters.{name}.select.{key}"
                yield warning("newsletters", f"{where}: no article has {', '.join(map(repr, unknown))}. {cure}")


def check_templates(settings: Settings) -> Iterator[Finding]:
    """Every template compiles, and every file of the newsroom's own stands in for one that there is."""
    own, shipped = settings.folder / "templates", shipped_folder("templates")
    names = template_environment([own, shipped]).list_templates()
    known = set(template_environment([shipped]).list_templates())
    environment = template_environment([own, shipped])
    broken = 0
    for name in names:
        if name not in known and not Path(name).name.startswith("."):
            yield warning("templates", f"{own / name} stands in for no template; is its name right?")
        try:
            environment.get_template(name)
        except TemplateError as error:
            broken += 1
            yield fault("templates", str(template_fault(name, error)))
        except UnicodeDecodeError:
            broken += 1
            yield fault("templates", f"{own / name} is not in UTF-8. Save it as UTF-8")
    mine = len(template_environment([own]).list_templates())
    if not broken:
        yield ok("templates", f"{count_words(len(known), 'template')}, {mine} of them your own")


def check_provider(settings: Settings) -> Iterator[Finding]:
    """The provider is one that is built, and its secrets can be looked up."""
    provider = settings.provider
    make_provider(provider, settings).close()
    if provider.kind is ProviderKind.OUTBOX:
        yield ok("provider", f"outbox: messages are written to {settings.var / 'outbox'}, nothing is mailed")
        return
    faults = [
        one
        for key in ("api_key", "password", "webhook_secret")
        for one in look_up(settings, f"provider.{key}", getattr(provider, key))
    ]
    yield from faults
    if not faults:
        yield ok("provider", f"{provider.kind}: settings complete, secrets found")
    yield from check_patience(settings)


def check_patience(settings: Settings) -> Iterator[Finding]:
    """Batches in doubt are not settled sooner than the provider's log can be believed."""
    provider = settings.provider
    with closing(make_provider(provider.model_copy(update={"settle_after": None}), settings)) as usual:
        lag = usual.limits.settle_after
    if provider.settle_after is not None and provider.settle_after < lag:
        minutes = f"{lag.total_seconds() / 60:g} minutes"
        risk = "what the log does not show yet would be taken for not sent, and sent twice"
        yield warning(
            "provider", f"settle_after is shorter than the {minutes} that {provider.kind}'s log may lag: {risk}"
        )


def look_up(settings: Settings, key: str, reference: str | None) -> Iterator[Finding]:
    """A fault where a secret that is named cannot be found; never the secret itself."""
    if reference is None:
        return
    try:
        read_secret(reference, folder=settings.folder, key=f"{settings.file}: {key}")
    except ConfigurationError as error:
        yield fault(key.partition(".")[0], str(error))


PARTS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    check_configuration,
    check_secrets,
    check_store,
    check_sources,
    check_newsletters,
    check_licences,
    check_templates,
    check_provider,
)
