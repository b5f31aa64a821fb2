"""The JSON documents of INTERFACE as schemas: every key must be there, more may be."""

from typing import Any

import jsonschema

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
BOOL: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def one_of(words: str, *, or_null: bool = False) -> Schema:
    """A closed list."""
    return {"enum": [*words.split(), *([None] if or_null else [])]}


def maybe(schema: Schema) -> Schema:
    """Null, or as said."""
    return {"anyOf": [schema, {"type": "null"}]}


def an_object(**keys: Schema) -> Schema:
    """All of these keys; `as_` stands for `as`."""
    named = {name.removesuffix("_"): schema for name, schema in keys.items()}
    return {"type": "object", "properties": named, "required": list(named)}


def a_list(of: Schema) -> Schema:
    """Any number of them."""
    return {"type": "array", "items": of}


def counts(words: str) -> Schema:
    """Counts by a closed list."""
    return {"type": "object", "propertyNames": one_of(words), "additionalProperties": COUNT}


LEFT_OUT = "suppressed unsubscribed pending paused already_served nothing_new language"
STATES = "composed review freezing frozen sending sent skipped held halted cancelled late"
OUTCOMES = "sent skipped held halted cancelled late missed failed"
BATCHES = "ready claimed writing accepted rejected unknown split"
DELIVERIES = "pending left_out accepted rejected unknown"
RIGHTS = "own cc public_domain agency courtesy unknown"
REVISIONS = "first minor substantive correction withdrawal restored"

SOURCE = an_object(
    id=TEXT,
    status=one_of("ok failed held"),
    new=COUNT,
    changed=COUNT,
    unchanged=COUNT,
    withdrawn=COUNT,
    refused=a_list(an_object(key=TEXT, url=TEXT, reason=TEXT)),
    error=maybe(TEXT),
)
ROW = an_object(
    number=COUNT,
    uri=TEXT,
    source=TEXT,
    key=TEXT,
    kind=one_of("story update"),
    url=TEXT,
    title=TEXT,
    language=TEXT,
    authors=TEXTS,
    section=maybe(TEXT),
    countries=TEXTS,
    topics=TEXTS,
    licence=maybe(TEXT),
    republishable=BOOL,
    reasons=TEXTS,
    published=TIME,
    updated=TIME,
    status=one_of("public withdrawn"),
    translation_of=maybe(COUNT),
)
IMAGE = an_object(url=TEXT, alt=TEXT, caption=TEXT, credit=TEXT, licence=maybe(TEXT), rights=one_of(RIGHTS))
MORE = an_object(
    summary=TEXT,
    content_html=TEXT,
    rights_holder=TEXT,
    images=a_list(IMAGE),
    corrections=a_list(an_object(date=TEXT, text=TEXT)),
    revisions=a_list(an_object(at=TIME, kind=one_of(REVISIONS))),
)
HEAD = an_object(
    id=COUNT,
    newsletter=TEXT,
    slot=TIME,
    state=one_of(STATES),
    outcome=one_of(OUTCOMES, or_null=True),
    reason=maybe(TEXT),
    subject=TEXT,
)
#: Readers whom the provider refused, at most 100.
REJECTED = a_list(an_object(address=TEXT, reason=TEXT))
BODY = an_object(
    preheader=TEXT,
    items=a_list(an_object(number=COUNT, title=TEXT, block=TEXT, why=TEXT)),
    left_out=a_list(an_object(number=COUNT, title=TEXT, why=TEXT)),
    audience=an_object(eligible=COUNT, left_out=counts(LEFT_OUT)),
    deliveries=counts(DELIVERIES),
    rejected=REJECTED,
    batches=a_list(an_object(id=COUNT, state=one_of(BATCHES), recipients=COUNT, attempts=COUNT)),
)
EDITION: Schema = {"allOf": [HEAD, BODY]}
#: A slot that ended without an edition, in the list of editions.
SLOT = an_object(
    id={"type": "null"},
    newsletter=TEXT,
    slot=TIME,
    state={"type": "null"},
    outcome=one_of(OUTCOMES),
    reason=TEXT,
    subject=TEXT,
)
SHAPES: dict[str, Schema] = {
    "gather": an_object(sources=a_list(SOURCE)),
    "sources": an_object(
        sources=a_list(
            an_object(
                id=TEXT,
                kind=TEXT,
                well=BOOL,
                last_success=maybe(TIME),
                next_try=maybe(TIME),
                error=maybe(TEXT),
                held=COUNT,
            )
        )
    ),
    "held": an_object(
        held=a_list(an_object(source=TEXT, key=TEXT, what=TEXT, title=maybe(TEXT), why=TEXT, since=TIME))
    ),
    "articles": an_object(articles=a_list(ROW)),
    "article": {"allOf": [ROW, MORE]},
    "build": an_object(written=COUNT, unchanged=COUNT, removed=COUNT, seconds={"type": "number"}),
    "edition": EDITION,
    "editions": an_object(editions=a_list({"anyOf": [HEAD, SLOT]})),
    "send": an_object(
        edition=COUNT,
        state=one_of(STATES),
        accepted=COUNT,
        rejected=COUNT,
        unknown=COUNT,
        left_out=COUNT,
        seconds={"type": "number"},
        rejected_readers=REJECTED,
    ),
    "settle": an_object(
        settled=a_list(an_object(batch=COUNT, as_=one_of("accepted not-sent"), how=TEXT)),
        open=a_list(an_object(batch=COUNT, recipients=TEXTS, why=TEXT)),
    ),
    "error": an_object(error=an_object(kind=TEXT, messages=TEXTS, exit=COUNT)),
}


def check_shape(name: str, document: object) -> None:
    """Raises for a document that is not of this shape."""
    jsonschema.validate(document, SHAPES[name])
