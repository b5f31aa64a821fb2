"""What a Ghost answers, as far as we read it: posts and pages, tags, authors (Content API, Ghost 3 to 6).

Texts made by Ghost itself (`excerpt`, `plaintext`) are left out on purpose: they hold words that are for members only.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from publisher.gather.wordpress.fields import Answered, Text


def a_list(value: object) -> object:
    """None where there is no list: a post that came without its tags is not one that has none."""
    return value if isinstance(value, list) else None


#: Only a plain yes: whatever else stands there, the text is not for everybody.
Yes = Annotated[bool, BeforeValidator(lambda value: value is True)]
Several = Annotated[list[object] | None, BeforeValidator(a_list)]


class Tag(Answered):
    """A tag; an internal one has a name that begins with `#` and a slug that begins with `hash-`."""

    id: str
    name: Text = ""
    slug: Text = ""
    visibility: Text = ""
    url: Text = ""

    @property
    def is_internal(self) -> bool:
        """Whether the site shows it to editors only."""
        return self.visibility == "internal" or self.name.startswith("#")


class Author(Answered):
    """An author, with the address of the page about them."""

    name: Text = ""
    slug: Text = ""
    url: Text = ""


class Post(Answered):
    """A post or a page."""

    id: str = Field(min_length=1)
    url: Text = ""
    title: Text = ""
    html: Text = ""
    visibility: Text = ""  #: public, members, paid, tiers
    access: Yes = False  #: whether the whole text is in `html`, for the one who asked
    published_at: Text = ""  #: in the site's zone, with its offset
    updated_at: Text = ""
    custom_excerpt: Text = ""  #: the one that an editor wrote
    feature_image: Text = ""
    feature_image_alt: Text = ""
    feature_image_caption: Text = ""  #: HTML
    canonical_url: Text = ""
    codeinjection_head: Text = ""
    codeinjection_foot: Text = ""
    tags: Several = None  #: in the editor's order, internal ones too
    authors: Several = None


class Listed(Answered):
    """A post in a list of ids."""

    id: str = Field(min_length=1)
    updated_at: Text = ""
