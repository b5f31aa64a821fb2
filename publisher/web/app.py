"""The web application: what changes state is a small surface, everything else is a file under `public/`.

`/u/TOKEN` and `/preferences/TOKEN` are readers' links (`leaving`), `/push/TOKEN` is for feeds' hubs (`push`),
`/partner/TOKEN/feed.*` is a partner's feed (`partner`),
`/r/ID.gif` counts where kits are read (`counter`), `/healthz` and `/readyz` are signs of life (`health`).
"""

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from publisher.assembly import Publisher
from publisher.audience.tokens import Purpose, Signer
from publisher.syndicate.build import open_site
from publisher.web.counter import Counter
from publisher.web.files import PublicFiles
from publisher.web.headers import BodyLimit, SecurityHeaders
from publisher.web.health import Readiness, say_alive
from publisher.web.leaving import LeavingPages
from publisher.web.partner import PartnerFeeds
from publisher.web.push import PushPages

#: A hub sends the whole feed along; we read it only to see that the hub signed it.
PUSH_BYTES = 5_000_000


def make_app(publisher: Publisher) -> ASGIApp:
    """The application of one newsroom."""
    settings = publisher.settings
    site = open_site(settings)
    leaving = LeavingPages(publisher, site, publisher.unsubscribing)
    by_preferences = Signer(publisher.secrets, Purpose.PREFERENCES)
    preferences = LeavingPages(publisher, site, by_preferences, is_preferences=True)
    files = PublicFiles(settings.public, public_url=settings.newsroom.public_url, hubs=settings.feeds.hub)
    routes = [
        Route("/healthz", say_alive),
        Route("/readyz", Readiness(publisher.store).answer),
        Route("/u/{token}", leaving.answer, methods=["GET", "POST"]),
        Route("/push/{token}", PushPages(publisher).answer, methods=["GET", "POST"]),
        Route("/partner/{token}/feed.{form}", PartnerFeeds(publisher).answer, methods=["GET"]),
        Route("/r/{kit}.gif", Counter(publisher).answer),
        Route("/preferences/{token}", preferences.answer, methods=["GET", "POST"]),
        Mount("/", files),
    ]
    is_https = settings.newsroom.public_url.startswith("https://")
    limited = BodyLimit(Starlette(routes=routes), larger={"/push/": PUSH_BYTES})
    return SecurityHeaders(limited, is_https=is_https)
