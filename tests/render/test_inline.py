"""Inlining: every declaration arrives, nothing of the head is touched, nobody is asked for anything."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import cssutils
import pytest

from publisher.model.errors import ConfigurationError
from publisher.render.inline import inline_styles
from tests.render.digest_builders import OBSERVATORY, a_digest, a_full_digest, letter_of
from tests.render.html_reading import EMAIL, Rule, declarations, found, inlined_by_hand, sheet_rules

SHEET = (EMAIL / "sheet.css").read_text()
RULES = sheet_rules(SHEET)
#: The narrow picture's side depends on the digest's direction: it takes both to use the whole sheet.
PAGES = (letter_of(a_full_digest()).html, letter_of(a_digest(*a_full_digest().blocks[0].items, language="ar")).html)


class Listener:
    """A loopback server that counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b".stolen { color: #ff0000; }")

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that runs while the test does."""
    heard = Listener()
    thread = threading.Thread(target=heard.server.serve_forever)
    thread.start()
    yield heard
    heard.server.shutdown()
    thread.join()
    heard.server.server_close()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_declaration_of_the_sheet_is_in_a_letter(rule: Rule) -> None:
    path = f"//*[contains(concat(' ', @class, ' '), ' {rule.name} ')]"
    elements = [element for page in PAGES for element in found(page, path)]

    carried = {pair for element in elements for pair in declarations(element.get("style", ""))}

    assert set(rule.declarations) <= carried


def test_an_independent_inliner_comes_to_the_same_styles() -> None:
    elements = [e for page in PAGES for e in found(page, "//body//*[@class and not(self::img)] | //body")]

    ours = [inlined_by_hand(element.get("class", ""), RULES) for element in elements]

    assert [dict(declarations(element.get("style", ""))) for element in elements] == ours


def test_the_style_of_the_head_comes_out_as_it_went_in() -> None:
    styles = found(PAGES[0], "//head/style")

    assert [style.text for style in styles] == ["\n" + (EMAIL / "head.css").read_text()]
    assert [dict(style.attrib) for style in styles] == [{}]


def test_widths_of_pictures_are_those_of_the_template() -> None:
    html = '<!DOCTYPE html>\n<html><body><img class="p" width="176" alt=""></body></html>'

    inlined = inline_styles(html, ".p { width: 100%; height: auto; }")

    assert 'width="176"' in inlined
    assert "height=" not in inlined


def test_backgrounds_become_attributes_for_outlook() -> None:
    assert found(PAGES[0], "//body")[0].get("bgcolor") == "#f2efe8"


def test_making_a_letter_asks_nobody(listener: Listener) -> None:
    changes = {"web_url": f"{listener.url}/edition", "feeds_url": f"{listener.url}/feeds"}

    letter_of(a_digest(**changes, note=f"{listener.url}/note @import url({listener.url}/note.css);"))

    assert listener.asked == []


@pytest.mark.parametrize("sheet", ['@import "{url}/a.css";', "@import url({url}/a.css);", "@\\49MPORT '{url}/a.css';"])
def test_a_sheet_that_imports_is_refused_and_asks_nobody(listener: Listener, sheet: str) -> None:
    with pytest.raises(ConfigurationError, match=r"sheet\.css: holds an @ sign"):
        inline_styles("<html><body></body></html>", sheet.replace("{url}", listener.url))

    assert listener.asked == []


def test_the_parser_itself_fetches_nothing_once_we_inlined(listener: Listener) -> None:
    inline_styles("<html><body></body></html>", ".p { color: #000000; }")

    cssutils.parseString(f'@import "{listener.url}/a.css";', validate=False)

    assert listener.asked == []


def test_the_parser_still_has_the_fetcher_that_we_replace() -> None:
    assert hasattr(cssutils.util, "_defaultFetcher")


def test_the_letter_names_its_sender_once_inlined() -> None:
    assert OBSERVATORY.name in PAGES[0]
