"""What Ghost's editor puts around a text: the controls of players, sizes of files, marks for members.

Ghost prints these itself, always in the same way, so that they can be found as they are written; the text is cleaned
afterwards like any other.
"""

import re

#: Flat elements only: none of these patterns looks past the next tag.
CHROME = re.compile(
    r'<span class="kg-(?:audio|video)-current-time">[^<>]*</span>'
    r'|<div class="kg-(?:audio|video)-time">\s*/\s*<span class="kg-(?:audio|video)-duration">[^<>]*</span>\s*</div>'
    r'|<div class="kg-file-card-filesize">[^<>]*</div>'
)
#: Blocks that Ghost takes out of what it gives to visitors; one that is left is a fault of Ghost's.
MEMBERS_BLOCK = re.compile(r"<!--\s*kg-gated-block:begin[^<>]*nonMember:\s*false", re.IGNORECASE)
PAYWALL = re.compile(r"<!--\s*members-only\s*-->")


def without_chrome(html: str) -> str:
    """The text without what only a player or a card shows."""
    return CHROME.sub("", html)


def holds_members_block(html: str) -> bool:
    """Whether a block is left in it that Ghost marked as for members only."""
    return bool(MEMBERS_BLOCK.search(html))


def holds_paywall(html: str) -> bool:
    """Whether a paywall was put into it."""
    return bool(PAYWALL.search(html))
