"""OPML 2.0: all feeds in one file that any feed reader can take in."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from publisher.syndicate.feeds import FeedPlan
from publisher.syndicate.house import House
from publisher.syndicate.page_words import page_words


def render_opml(house: House, plans: Sequence[FeedPlan], *, updated: datetime) -> bytes:
    """The feeds by scope; `updated` comes from the data, so that equal feeds make equal bytes."""
    words = page_words(house.language)
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = f"{house.name}: {words['feeds']}"
    etree.SubElement(head, "dateModified").text = format_datetime(updated, usegmt=True)
    etree.SubElement(head, "ownerName").text = house.name
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {}
    for plan in plans:
        parent = body
        if plan.slug:
            title = words[f"group_{plan.scope}"]
            if plan.scope not in groups:
                groups[plan.scope] = etree.SubElement(body, "outline", text=title)
            parent = groups[plan.scope]
        etree.SubElement(parent, "outline", _attributes(plan, house))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _attributes(plan: FeedPlan, house: House) -> dict[str, str]:
    """A leaf: `type` is `rss` for Atom too, says the format."""
    # One address for each feed: readers would subscribe to both.
    form = "rss" if "rss" in house.formats else "atom"
    attributes = {
        "type": "rss",
        "text": plan.name or plan.title,
        "title": plan.title,
        "xmlUrl": house.address(f"{plan.path}.{form}"),
        "htmlUrl": house.address(f"{plan.path}/"),
        "language": plan.language or house.language,
    }
    return attributes | ({"version": "RSS2"} if form == "rss" else {})
