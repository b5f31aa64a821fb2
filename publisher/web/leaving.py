"""The links in a reader's letters: GET shows a page with one button, POST unsubscribes at once (RFC 8058).

Link scanners fetch every address and some run scripts, so that nothing but a POST changes anything. The token is read
from the path only; a valid one is always answered 200, also for a reader who is unknown or erased; a bad one 404.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from publisher.assembly import Publisher
from publisher.audience.tokens import Signer, Token
from publisher.model.errors import StoreError
from publisher.store import editions, subscribers
from publisher.syndicate.pages import Site, render_page
from publisher.web.words import LinkWords, link_words, spoken_language

log = structlog.get_logger()

#: Pages with a token in their address: not kept, not passed on, not found.
PRIVATE = {"referrer-policy": "no-referrer", "cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}
#: Stands for the address of these pages, whose last part is nobody's business.
PLACE = "u/token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page says of the reader's newsletter, in her language."""

    words: LinkWords
    language: str
    title: str


class LeavingPages:
    """The pages behind the links of one purpose."""

    def __init__(self, publisher: Publisher, site: Site, signer: Signer, *, is_preferences: bool = False) -> None:
        self._publisher = publisher
        self._site = site
        self._signer = signer
        self._is_preferences = is_preferences

    async def answer(self, request: Request) -> Response:
        """Answers GET, HEAD and POST."""
        if request.method == "POST":
            async for _ in request.stream():  # what it says does not matter; how long it is does
                pass
        return await run_in_threadpool(self._answer, request.path_params["token"], request.method == "POST")

    def _answer(self, text: str, is_post: bool) -> Response:  # noqa: FBT001 - handed through the thread pool
        token = self._signer.read(text)
        if token is None:
            return self._say(self._in_default(), "bad", 404)
        try:
            shown = self._look_up(token)
            if not is_post:
                return self._ask(shown)
            self._leave(token)
        except StoreError as error:
            log.warning("reader.not_heard", why=str(error))
            return self._say(self._in_default(), "later", 503, {"retry-after": "60"})
        return self._say(shown, "left", 200)

    def _leave(self, token: Token) -> None:
        with self._publisher.store.begin() as tx:
            has_left = subscribers.unsubscribe(tx, token.newsletter, token.public_id, now=self._publisher.now())
        log.info("reader.left", newsletter=token.newsletter, was_subscribed=has_left)

    def _look_up(self, token: Token) -> Shown:
        settings = self._publisher.settings
        with self._publisher.store.read() as tx:
            name = editions.find_newsletter(tx, token.newsletter)
            chosen = subscribers.find_language(tx, token.public_id)
        language = chosen or settings.newsroom.languages[0]
        words = link_words(language)
        newsletter = settings.newsletters.get(name or "")
        titles = newsletter.title if newsletter else {}
        title = titles.get(language) or titles.get(spoken_language(language)) or next(iter(titles.values()), "")
        return Shown(words=words, language=spoken_language(language), title=title or words.this_newsletter)

    def _in_default(self) -> Shown:
        language = self._publisher.settings.newsroom.languages[0]
        words = link_words(language)
        return Shown(words=words, language=spoken_language(language), title=words.this_newsletter)

    def _ask(self, shown: Shown) -> Response:
        heading = shown.words.leave.format(title=shown.title)
        text = shown.words.preferences_yet if self._is_preferences else shown.words.one_click
        values = {"heading": heading, "text": text, "button": shown.words.button}
        return self._page(shown, "unsubscribe.html", values, 200)

    def _say(self, shown: Shown, what: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
        words = shown.words
        heading, text, before_contact = {
            "left": (words.left, words.left_text.format(title=shown.title), words.mistake),
            "bad": (words.bad, "", words.bad_text),
            "later": (words.later, "", words.later_text),
        }[what]
        values = {"heading": heading, "text": text, "before_contact": before_contact}
        return self._page(shown, "unsubscribe_done.html", values, status, headers)

    def _page(
        self,
        shown: Shown,
        template: str,
        values: Mapping[str, str],
        status: int,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        head = {"title": values["heading"], "language": shown.language, "canonical": "", "hidden": True}
        page = render_page(self._site, template, PLACE, **head, **values)
        return HTMLResponse(page, status, PRIVATE | dict(headers or {}))
