"""What WordPress answers, as far as we read it: posts, terms, users, attachments (REST API v2, WordPress 5.4 to 6.x).

Plugins change the answers: a list where a map was, `false` for an empty text. What is odd and not needed is read as
absent; what is needed and odd makes the one post refused.
"""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


def a_text(value: object) -> object:
    """Empty for what plugins put where a text is not there."""
    return value if isinstance(value, str) else ""


def a_number(value: object) -> object:
    """None for what is no whole number of pixels or of an object."""
    return int(value) if isinstance(value, (int, str)) and str(value).isdecimal() else None


def a_map(value: object) -> object:
    """PHP prints an empty map as an empty list."""
    return value if isinstance(value, dict) else {}


Text = Annotated[str, BeforeValidator(a_text)]
Number = Annotated[int | None, BeforeValidator(a_number)]
Map = Annotated[dict[str, Any], BeforeValidator(a_map)]


class Answered(BaseModel):
    """A part of an answer: frozen, unknown fields left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Rendered(Answered):
    """A text as the site shows it."""

    rendered: Text = ""
    protected: bool = False  #: by a password; the text is held back, the title is not


def a_rendered(value: object) -> object:
    """Some plugins flatten `{"rendered": ...}` to the text itself."""
    return value if isinstance(value, (dict, Rendered)) else {"rendered": value}


Shown = Annotated[Rendered, BeforeValidator(a_rendered)]


class Post(Answered):
    """A post of any type."""

    id: int = Field(gt=0)
    link: Text = ""
    status: Text = "publish"
    type: Text = ""
    date_gmt: Text = ""
    modified: Text = ""  #: in the site's own zone
    modified_gmt: Text = ""
    title: Shown = Rendered()
    content: Shown = Rendered()
    excerpt: Shown = Rendered()
    featured_media: Number = None
    meta: Map = {}
    acf: Map = {}  #: what Advanced Custom Fields adds
    embedded: Map = Field(default={}, alias="_embedded")
    links: Map = Field(default={}, alias="_links")

    #: What else is there: one list of term ids for each taxonomy, under its REST base; and what plugins add.
    model_config = ConfigDict(frozen=True, extra="allow")


class Term(Answered):
    """A category, tag or term of another taxonomy."""

    id: int
    name: Text = ""
    slug: Text = ""
    taxonomy: Text = ""
    link: Text = ""
    parent: Number = None


def embedded_terms(post: Post) -> list[list[Term]]:
    """The terms that came with a post, a list for each taxonomy."""
    groups = post.embedded.get("wp:term")
    return [read_each(Term, group) for group in (groups if isinstance(groups, list) else [])]


class User(Answered):
    """An author, where the site shows its users."""

    id: int
    name: Text = ""
    slug: Text = ""
    link: Text = ""


class Media(Answered):
    """An attachment."""

    id: int
    source_url: Text = ""
    alt_text: Text = ""
    caption: Shown = Rendered()
    mime_type: Text = ""
    media_details: Map = {}
    meta: Map = {}
    acf: Map = {}

    #: What plugins put beside them.
    model_config = ConfigDict(frozen=True, extra="allow")


T = TypeVar("T", bound=Answered)


def read_each(model: type[T], values: object) -> list[T]:
    """Those of a list that are what they should be; `{"code": "rest_forbidden"}` stands there for what is hidden."""
    found = []
    for value in values if isinstance(values, list) else []:
        try:
            found.append(model.model_validate(value))
        except ValidationError:
            continue
    return found
