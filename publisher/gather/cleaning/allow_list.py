"""The sanitiser that lets nothing in but what is on the list (nh3, on an HTML5 parser).

It runs last, after all our own changes: what leaves it is on the list, whatever was done before.
"""

import re
from functools import partial

import nh3

from publisher.gather.cleaning.links import absolute_url
from publisher.model.markup import ATTRIBUTES, DROPPED, TAGS

_SHAPES = {
    "width": r"\d{1,5}",
    "height": r"\d{1,5}",
    "start": r"-?\d{1,9}",
    "colspan": r"\d{1,4}",
    "rowspan": r"\d{1,4}",
    "scope": r"row|col|rowgroup|colgroup",
    "dir": r"ltr|rtl|auto",
    "lang": r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*",  # RFC 5646 section 2.1, roughly
    "datetime": r"[0-9A-Za-z:.,+ -]{1,40}",
}


def sanitise(html: str, base_url: str) -> str:
    """The body with nothing in it that is not on the list, and every address absolute against `base_url`."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes={tag: set(allowed) for tag, allowed in ATTRIBUTES.items()},
        attribute_filter=partial(_value, base_url),
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _value(base_url: str, tag: str, name: str, value: str) -> str | None:
    """The value an attribute leaves with; None drops it. Must not raise: nh3 would print that, and go on."""
    if name in {"href", "src"}:
        return absolute_url(value, base_url, mail=tag == "a")
    if name == "alt":
        return " ".join(value.split())
    value, shape = value.strip(), _SHAPES.get(name)  # nh3 asks about elements that it is about to drop, too
    return value if shape and re.fullmatch(shape, value) else None
