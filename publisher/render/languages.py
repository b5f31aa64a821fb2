"""How a language writes: its direction, its dates, its name in another language. Facts are CLDR's, through Babel."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from publisher.render.words import words


def direction(language: str) -> str:
    """`rtl` or `ltr`, as the `dir` attribute wants it; a language that nobody knows runs left to right."""
    return str(find_locale(language).text_direction)


@lru_cache(maxsize=4096)  # an edition asks it for every reader, of some hundred days
def long_date(day: date, language: str) -> str:
    """A day in words: `March 6, 2026`, `6 de marzo de 2026`."""
    return format_date(day, "long", locale=find_locale(language))


def language_name(language: str, *, within: str) -> str:
    """The name of a language as readers of `within` say it; the tag itself where nobody knows one."""
    try:
        return Locale.parse(language, sep="-").get_display_name(find_locale(within)) or language
    except (UnknownLocaleError, ValueError):
        return language


def join_names(names: Sequence[str], language: str) -> str:
    """`Ana, Ben and Chidi`, without a comma before the last."""
    if len(names) < 2:  # noqa: PLR2004 - one name needs no joining
        return "".join(names)
    return f"{', '.join(names[:-1])} {words(language).and_} {names[-1]}"


def find_locale(language: str) -> Locale:
    """Babel's locale of a tag, of its primary subtag where the whole is unknown (`es-ZZ`), or English."""
    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue  # Babel knows neither: the next, coarser tag
    return Locale("en")
