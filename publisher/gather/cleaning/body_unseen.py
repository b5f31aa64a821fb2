"""What stands in a body but is not the article: hidden, spoken only, buttons to share, boxes to subscribe, icons.

And what the source's own rules leave out (`drop`). All of it goes with what is in it.
"""

import re
from collections import Counter
from collections.abc import Iterable

from publisher.gather.cleaning.body_nodes import Element, classes_of, erase, finder
from publisher.gather.cleaning.selectors import Selectors
from publisher.model.markup import names

#: For screen readers only; what they say there is seen in some other way, or is of the page, not of the text.
SPOKEN = names(
    "screen-reader-text sr-only visually-hidden visuallyhidden u-visually-hidden assistive-text element-invisible "
    "show-for-sr a11y-hidden"
)
#: Boxes of common plug-ins and themes.
_SHARING = names(
    "sharedaddy sd-sharing jp-sharing-input-touch addtoany_share_save_container addtoany_content a2a_kit "
    "addthis_toolbox addthis_inline_share_toolbox social-share social-sharing share-buttons sharing-buttons "
    "share-links share-bar heateor_sss_sharing_container heateorssscontainer ssba essb_links shariff "
    "mashsb-container swp_social_panel wp-block-jetpack-sharing-buttons wp-block-outermost-social-sharing "
    "wp-block-social-links dpsp-content-wrapper novashare-buttons scriptlesssocialsharing"
)
_SIGNING_UP = names(
    "mc_embed_signup mc4wp-form mailpoet_form newsletter-signup newsletter-form newsletter-box tnp tnp-subscription "
    "wp-block-jetpack-subscriptions wp-block-jetpack-mailchimp jetpack_subscription_widget kg-signup-card "
    "subscription-widget-wrap subscribe-widget wpforms-container gform_wrapper wpcf7"
)
_ICONS = re.compile(r"material-(?:icons|symbols)(?:-\w+)?")  # the name of the icon is their text
_HIDDEN = re.compile(r"(?:^|;)\s*display\s*:\s*none")
_MARKED = finder(".//*[@class or @id or @style or @hidden or @aria-hidden] | .//iframe")
_WORD = re.compile(r"\w")
_LAZY = names("img picture iframe source")  # hidden until a script shows them


def drop_unseen(root: Element, selectors: Selectors) -> Counter[str]:
    """Changes the tree in place; gives short notes on what was done, with how often."""
    notes: Counter[str] = Counter()
    notes.update(_erase_all(selectors.find(root), "box left out by the source's rules"))
    unseen = [(element, why) for element in _MARKED(root) if (why := _why_unseen(element))]
    for element, why in unseen:
        notes.update(_erase_all([element], why))
    for label in list(root.iterdescendants("label")):  # of a form, which goes
        erase(label)
    return notes


def _why_unseen(element: Element) -> str:
    classes = classes_of(element)
    if classes & _SHARING or element.get("id", "").lower() in _SHARING:
        return "buttons to share removed"
    if classes & _SIGNING_UP or element.get("id", "").lower() in _SIGNING_UP:
        return "box to subscribe removed"
    if classes & SPOKEN:
        return "text for screen readers removed"
    if element.tag not in _LAZY and _is_hidden(element):
        return "hidden text removed"
    if element.tag == "iframe" and _shows_no_frame(element):
        return "hidden frame removed"
    is_icon = any(map(_ICONS.fullmatch, classes)) or (element.get("aria-hidden") == "true" and _has_no_words(element))
    return "icon removed" if is_icon else ""


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is not None:
        return bool(element.get("hidden") != "until-found")  # found by searching the page, as in an accordion
    style = element.get("style")
    return bool(style and _HIDDEN.search(style.lower()))


def _shows_no_frame(frame: Element) -> bool:
    """A frame that only counts readers; one that waits for a script to show it has another address, too."""
    is_tiny = all(frame.get(side, "").strip().removesuffix("px") in {"0", "1"} for side in ("width", "height"))
    return is_tiny or (_is_hidden(frame) and not any(name.startswith("data-") for name in frame.attrib))


def _has_no_words(element: Element) -> bool:
    if element.tag in _LAZY or any(True for _ in element.iterdescendants(*_LAZY)):
        return False
    return not any(_WORD.search(text) for text in element.itertext())


def _shows_something(element: Element) -> bool:
    return next(element.iter(*_LAZY), None) is not None or any(map(_WORD.search, element.itertext()))


def _erase_all(elements: Iterable[Element], why: str) -> list[str]:
    """Erases those that are not gone yet with one around them; gives the note once for each."""
    told = []
    for element in elements:
        if element.getparent() is not None:
            told += [why] if _shows_something(element) else []
            erase(element)
    return told
