"""Style inlining: the one place that calls premailer, before any personal value is put in.

The sheet holds plain rules of one class each; it reaches the document as `style` attributes, since mail clients drop
or mangle `<style>`. What cannot be inlined (dark colours, narrow screens) is already in the head and stays untouched.
"""

import logging

import cssutils
import premailer

from publisher.model.errors import ConfigurationError


def inline_styles(html: str, sheet: str) -> str:
    """The document with the sheet's declarations in `style` attributes; same input, same bytes; asks nothing outside.

    Raises `ConfigurationError` for a sheet with at-rules.
    """
    if "@" in sheet:  # @import would be refused below and dropped in silence, @media and @font-face always are
        fault = "holds an @ sign, and at-rules cannot be inlined. Put media queries into head.css, the rest without."
        raise ConfigurationError([f"templates/email/sheet.css: {fault}"])
    # `allow_network=False` stops premailer, not cssutils: its default fetcher reads http and file (cssutils 2.15).
    cssutils.util._defaultFetcher = refuse_fetch  # noqa: SLF001 - there is no public way; guarded by a test
    inlined: str = premailer.transform(
        html,
        css_text=sheet,
        keep_style_tags=False,
        disable_leftover_css=True,
        strip_important=False,
        disable_validation=True,
        allow_network=False,
        allow_loading_external_files=False,
        disable_basic_attributes=["width", "height"],  # else CSS widths overwrite those that Outlook needs
        align_floating_images=False,
        cssutils_logging_level=logging.CRITICAL,
    )
    return inlined


def refuse_fetch(url: str) -> None:
    """Stands where the CSS parser has its fetcher."""
    raise OSError(f"{url}: style sheets are not fetched.")
