"""Marks of another's rights in a text: they go before a default, and never before the article's own licence."""

from datetime import UTC, datetime

import pytest

from publisher.gather.rights import Rights, choose_licence
from publisher.gather.text_rights import find_mark, has_default, mark_rights
from publisher.licensing.licences import RESERVED
from publisher.model.article import Kind, SourceArticle, SourceTerm

BY = "https://creativecommons.org/licenses/by/4.0/"
STORY = "<p>Prosecutors seized twelve boats.</p>"
DEFAULT = Rights(
    licence=BY,
    whence="the newsroom's default",
    holder="Example Observatory",
    own=frozenset({"Example Observatory", "Agencia Ejemplo"}),
)


def an_article(
    body: str = STORY, *, byline: str = "", holder: str = "", said: str = "", rights: Rights = DEFAULT
) -> SourceArticle:
    licence, why = choose_licence(said, "its front matter", rights)
    return SourceArticle(
        key="1",
        url="https://news.example.org/gold-route/",
        title="The gold route",
        kind=Kind.STORY,
        language="en",
        content_html=body,
        summary="",
        published=datetime(2026, 3, 6, 12, tzinfo=UTC),
        authors=(SourceTerm(name=byline, key=byline),) if byline else (),
        licence=licence,
        licence_why=why,
        rights_holder=holder or DEFAULT.holder,
    )


@pytest.mark.parametrize(
    ("beginning", "agency"),
    [
        ("(AP) — Prosecutors seized boats.", "AP"),
        ("WASHINGTON (AP) — Prosecutors seized boats.", "AP"),
        ("By Ana Ruiz</p><p>WASHINGTON (AP) — Prosecutors seized boats.", "AP"),
        ("MADRID, 3 Mar. (EFE)", "EFE"),
        ("Bogotá, 3 mar (EFE).- La fiscalía", "EFE"),
        ("Redacción Internacional, 3 mar (EFE).- La fiscalía", "EFE"),
        ("Madrid, 3 mar. (Europa Press) - La fiscalía", "Europa Press"),
        ("MEXICO CITY, March 3 (Reuters) - Prosecutors", "Reuters"),
        ("PARIS, 3 mars 2026 (AFP) - Le parquet", "AFP"),
        ("LISBOA (Lusa) — O Ministério", "Lusa"),
        ("BERLIN (dpa) - Die", "dpa"),
        ("EFE.- La fiscalía", "EFE"),
        ("Reuters - Prosecutors", "Reuters"),
        ("By Reuters", "Reuters"),
        ("Por EFE", "EFE"),
        ("By JOHN ROE Associated Press", "Associated Press"),
    ],
)
def test_agency_copy_is_known_by_its_first_line(beginning: str, agency: str) -> None:
    marked = mark_rights(an_article(f"<h2>Gold</h2><p>{beginning}</p>{STORY}"), DEFAULT)

    assert (marked.licence, marked.licence_why) == (None, f"agency copy: its text begins as copy of {agency}")


@pytest.mark.parametrize("ending", ["EFE", "(EFE)", "EFE/rml", "© 2026 The Associated Press", "Copyright 2026 AFP."])
def test_agency_copy_is_known_by_its_last_lines(ending: str) -> None:
    marked = mark_rights(an_article(f"{STORY}{STORY}<p>{ending}</p><p>Read on.</p>"), DEFAULT)

    assert marked.licence is None
    assert marked.licence_why.startswith("agency copy: its text ends as copy of ")


def test_agency_copy_is_known_by_byline_and_holder() -> None:
    assert mark_rights(an_article(byline="Reuters"), DEFAULT).licence_why == "agency copy: its byline names Reuters"
    assert mark_rights(an_article(holder="Agencia EFE"), DEFAULT).licence is None


@pytest.mark.parametrize(
    "text",
    [
        "The Associated Press (AP) reported on Monday that boats were seized.",
        "The report, first published by an agency (EFE), said so.",
        "By Reuters' account twelve boats were seized.",
        "Reuters reported that boats were seized.",
        "With information from Reuters.",
        "A man called Keystone (left) - the mayor - spoke.",
        "© 2026 Example Observatory",
        "Some rights reserved.",
        "All rights reserved" + ", said the mayor, " * 20,
        "(Agencia Ejemplo) - Our own copy.",
    ],
)
def test_a_text_that_only_speaks_of_an_agency_keeps_its_licence(text: str) -> None:
    article = an_article(f"<p>{text}</p>")

    assert mark_rights(article, DEFAULT) == article


def test_a_newsroom_that_is_an_agency_owns_its_copy() -> None:
    ours = Rights(licence=BY, whence="the newsroom's default", holder="EFE", own=frozenset({"EFE"}))
    article = an_article("<p>MADRID, 3 mar (EFE).- La fiscalía</p>", byline="EFE", holder="EFE", rights=ours)

    assert mark_rights(article, ours) == article


@pytest.mark.parametrize(
    "words",
    [
        "© 2026 Ana Ruiz. All rights reserved.",
        "Todos los derechos reservados",
        "Todos os direitos reservados.",
        "Tous droits réservés",
        "Alle Rechte vorbehalten",
        "Not under Creative Commons",
    ],
)
def test_reserved_rights_at_the_end_go_before_a_default(words: str) -> None:
    marked = mark_rights(an_article(f"{STORY}<p>{words}</p>"), DEFAULT)

    assert marked.licence is None
    assert marked.licence_why.endswith(f": {RESERVED}")


def test_reserved_rights_may_stand_with_the_rights_holder() -> None:
    assert mark_rights(an_article(holder="© Ana Ruiz, all rights reserved"), DEFAULT).licence is None


@pytest.mark.parametrize(
    "where", ["<p>All rights reserved</p><p>a</p><p>b</p>", "<figure><figcaption>{}</figcaption></figure>"]
)
def test_reserved_rights_elsewhere_are_of_something_else(where: str) -> None:
    assert mark_rights(an_article(STORY + where.format("All rights reserved")), DEFAULT).licence == BY


@pytest.mark.parametrize("said", ["CC-BY-4.0", "all-rights-reserved", "ask us"])
def test_what_the_article_says_of_its_own_licence_goes_before_every_mark(said: str) -> None:
    article = an_article("<p>WASHINGTON (AP) — x</p><p>All rights reserved</p>", byline="Reuters", said=said)

    assert not has_default(article, DEFAULT)
    assert mark_rights(article, DEFAULT) == article


def test_an_article_without_any_licence_gets_the_better_reason() -> None:
    none = Rights(licence=None, whence="", holder="", own=frozenset())

    assert mark_rights(an_article("<p>(AP) — x</p>", rights=none), none).licence_why.startswith("agency copy")


def test_a_text_without_words_has_no_mark() -> None:
    assert find_mark(an_article("<hr>"), DEFAULT.own) == ""
