"""What plugins for several languages put beside a post: its language, and which posts are translations of each other.

| plugin                         | language                | translations                             |
|--------------------------------|-------------------------|------------------------------------------|
| Polylang Pro                   | `lang`                  | `translations`: `{"en": 7, "es": 9}`     |
| Polylang, with WP REST Polylang| `polylang_current_lang` | `polylang_translations`: `[{"id", ...}]` |
| WPML, with WPML REST API       | `wpml_current_locale`   | `wpml_translations`: `[{"id", ...}]`     |

They say which posts belong together, not which was first: the one in the newsroom's own language, else the oldest,
stands for the original.
"""

from collections.abc import Iterator

from publisher.gather.names import language_tag
from publisher.gather.wordpress.fields import Post

LANGUAGES = ("lang", "polylang_current_lang", "wpml_current_locale")
TRANSLATIONS = ("translations", "polylang_translations", "wpml_translations")


def language_beside(post: Post) -> str | None:
    """The language that a plugin names; None without one."""
    extra = post.model_extra or {}
    said = (language_tag(value) for name in LANGUAGES if isinstance(value := extra.get(name), str))
    return next(filter(None, said), None)


def original_beside(post: Post, own_language: str) -> str | None:
    """The id of the post that this one translates, by a plugin's list; None for the original and without a list."""
    found = dict(translations(post))
    if len(found) < 2:  # noqa: PLR2004 - itself, or nothing
        return None
    own = [id_ for id_, language in found.items() if language.partition("-")[0] == own_language.partition("-")[0]]
    original = min(own or found)
    return str(original) if original != post.id else None


def translations(post: Post) -> Iterator[tuple[int, str]]:
    """The ids of a post and its translations, each with its language; itself is not listed by all plugins."""
    extra = post.model_extra or {}
    listed = next((extra[name] for name in TRANSLATIONS if extra.get(name)), None)
    if not isinstance(listed, (dict, list)):
        return
    yield post.id, language_beside(post) or ""
    if isinstance(listed, dict):
        pairs = [(id_, language) for language, id_ in listed.items()]
    else:
        pairs = [(one.get("id"), one.get("lang") or one.get("locale")) for one in listed if isinstance(one, dict)]
    for id_, language in pairs:
        if str(id_).isdecimal() and int(str(id_)):
            yield int(str(id_)), language_tag(str(language or "")) or ""
