"""Fills what the templates see: an edition in one language, with licences and links from the articles' records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from publisher.compose.choose import STORIES, UPDATES
from publisher.licensing.decisions import republishable
from publisher.licensing.licences import parse_licence
from publisher.licensing.names import long_name, short_name
from publisher.licensing.rights import own_names
from publisher.model.article import Article
from publisher.model.edition import Edition, EditionItem
from publisher.render.digest import Digest, DigestBlock, DigestItem, LicenceLine, Sender
from publisher.settings import Settings

SUBJECT_CHARS = 90
PREHEADER_CHARS = 130


def in_reading_order(items: Iterable[EditionItem], blocks: Sequence[str]) -> list[EditionItem]:
    """Items as a letter has them: block after block."""
    return sorted(items, key=lambda item: (blocks.index(item.block), item.position))


def subject_of(title: str, items: Sequence[EditionItem]) -> str:
    """The newsletter's title and the first headline, shortened at a word."""
    return shorten(f"{title}: {items[0].title}", SUBJECT_CHARS)


def preheader_of(items: Sequence[EditionItem], summary: str) -> str:
    """The next headlines, which the subject does not say; with none, the first article's summary."""
    others = [item.title for item in items[1:4]]
    return shorten(" · ".join(others) or summary or items[0].title, PREHEADER_CHARS)


def shorten(text: str, limit: int) -> str:
    """A text cut at a word, with an ellipsis; never longer than the limit."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:·") + "…"


def licence_line(licence: str | None, language: str) -> LicenceLine | None:
    """A stored licence as a reader sees it; None when all rights are reserved."""
    found = parse_licence(licence or "")
    if found is None or not found.is_open:
        return None
    return LicenceLine(short=short_name(found), name=long_name(found, language), url=found.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMaker:
    """What all languages of one edition share."""

    settings: Settings
    edition: Edition
    mark: str
    main_language: str  #: whose page stands at the edition's own address in the archive

    def make(
        self, language: str, *, subject: str, preheader: str, items: Sequence[tuple[EditionItem, Article]]
    ) -> Digest:
        """The edition in one language; `items` are that language's, in order."""
        newsroom = self.settings.newsroom
        newsletter = self.settings.newsletters[self.edition.newsletter]
        return Digest(
            newsroom=Sender(
                name=newsroom.name,
                url=newsroom.url,
                public_url=newsroom.public_url,
                postal_address=newsroom.postal_address,
                contact=newsroom.contact,
            ),
            title=newsletter.title[language],
            language=language,
            slot=self.edition.slot,
            zone=self.settings.zone(self.edition.newsletter),
            subject=subject,
            preheader=preheader,
            note=self.edition.note if "note" in newsletter.blocks else "",
            appeal=newsletter.appeal.get(language, "") if "appeal" in newsletter.blocks else "",
            blocks=self._blocks(items, newsletter.blocks),
            web_url=web_url(self.settings, self.edition, language=language, main=self.main_language),
            feeds_url=f"{newsroom.public_url}/feeds/",
            licence=licence_line(self.settings.licence.default, language),
            mark=self.mark,
        )

    def _blocks(self, items: Sequence[tuple[EditionItem, Article]], order: Sequence[str]) -> tuple[DigestBlock, ...]:
        blocks = []
        for name in order:
            if name not in {STORIES, UPDATES}:
                continue
            inside = tuple(self._item(article) for item, article in items if item.block == name)
            if inside:
                blocks.append(DigestBlock(name=name, items=inside))
        return tuple(blocks)

    def _item(self, article: Article) -> DigestItem:
        settings = self.settings
        own = own_names(settings.newsroom.name, settings.rights_holder, settings.licence.own_credits)
        reasons = republishable(article, now=self.edition.slot, embargo=settings.licence.embargo, own=own)
        main = article.main_image
        return DigestItem(
            article=article,
            corrections=article.corrections,
            licence=licence_line(article.licence, article.language),
            image_licence=licence_line(main.licence, article.language) if main else None,
            republish_url=None if reasons else f"{settings.newsroom.public_url}/republish/{article.number}/",
        )


def web_url(settings: Settings, edition: Edition, *, language: str, main: str) -> str:
    """The address of an edition's page in the archive: the first language's at the edition's own."""
    page = f"{settings.newsroom.public_url}/{edition.archive}/"
    return page if language == main else f"{page}{language}/"
