"""robots.txt (RFC 9309): what a site asks of those who read its pages one by one."""

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from publisher.gather.fetching.fetch import Fetcher, FetchError, TooLargeError

AGENT = "newsroom-publisher"  #: our name in it
MAX_BYTES = 500_000
OK = 200


class UnknownRulesError(Exception):
    """A host's robots.txt did not come, so that nobody knows what it asks of us (RFC 9309 section 2.3.1.4)."""

    def __init__(self, error: FetchError) -> None:
        super().__init__(str(error))
        self.error = error


class Robots:
    """The rules of the hosts that a visit asks, each fetched once, when it is needed first."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, RobotFileParser | FetchError] = {}

    def allows(self, url: str) -> bool:
        """Whether we may fetch a page; raises `UnknownRulesError` where the host does not give its rules."""
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}"
        if place not in self._rules:
            self._rules[place] = self._fetch(f"{place}/robots.txt")
        rules = self._rules[place]
        if isinstance(rules, FetchError):
            raise UnknownRulesError(rules)
        return rules.can_fetch(AGENT, url)

    def _fetch(self, url: str) -> RobotFileParser | FetchError:
        """One that is not there, or that nobody could read, forbids nothing (RFC 9309 section 2.3.1.3)."""
        rules = RobotFileParser()
        try:
            response = self._fetcher.get(url, max_bytes=MAX_BYTES)
        except TooLargeError:
            rules.parse([])
            return rules
        except FetchError as error:
            return error
        text = response.body.decode("utf-8-sig", "replace") if response.status == OK else ""
        rules.parse(text.splitlines())
        return rules
