"""What a body must have, and how much of it may be, to be an article."""

from publisher.gather.cleaning.clean import plain_text

MAX_BYTES = 1_000_000  #: of a cleaned body in UTF-8; up to here it is kept whole, never cut


def fault_of_body(html: str) -> str:
    """Why a cleaned body cannot be taken; empty when it can."""
    if not plain_text(html):
        return "has no text"
    size = len(html.encode())
    return f"its text is larger than {MAX_BYTES:,} bytes ({size:,})" if size > MAX_BYTES else ""
