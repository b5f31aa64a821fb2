"""Gathering a site for the first time and again, against only fetching and parsing the same bytes.

    scripts/bench gather [--posts 2000]

A small WordPress stand-in serves pages of a hundred posts of about 6 KB each. The baseline fetches those pages over one
connection, reads the JSON and parses every body as HTML; the publisher also cleans, compares, and stores durably.
"""

import argparse
import http.server
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from measuring import child_of, figures

PER_PAGE = 100
CONFIG = """
[newsroom]
name = "Example Observatory"
url = "https://news.example.org"
public_url = "https://follow.example.org"
languages = ["en"]
postal_address = "Example Observatory, Calle 1 # 2-3, Bogotá, Colombia"
contact = "desk@news.example.org"
[[sources]]
id = "site"
kind = "wordpress"
url = "http://{host}"
private_hosts = ["{host}"]
options = {{ language = "en" }}
[licence]
default = "https://creativecommons.org/licenses/by-nc/4.0/"
[provider]
from = "Example Observatory <digest@mail.example.org>"
"""
PARAGRAPH = (
    "<p>The dredges come back to the river <em>number {n}</em> whenever the patrols withdraw, say fishermen of "
    '<a href="https://news.example.org/places/{n}/">the village</a>, and by morning the water is brown again.</p>\n'
)
PICTURE = (
    '<figure class="wp-block-image size-large"><img loading="lazy" width="1024" height="683" alt="A dredge" '
    'src="https://news.example.org/wp-content/uploads/{n}-1024x683.jpg" srcset="https://news.example.org/wp-content/'
    'uploads/{n}-1024x683.jpg 1024w, https://news.example.org/wp-content/uploads/{n}-1600x1067.jpg 1600w"/>'
    "<figcaption>A dredge on the river. Photo: Example Observatory</figcaption></figure>\n"
)
NEWEST = datetime(2026, 3, 6, 12, tzinfo=UTC)


def post(number: int, host: str) -> dict[str, object]:
    """One post as the REST API gives it."""
    moment = f"{NEWEST - timedelta(hours=number):%Y-%m-%dT%H:%M:%S}"
    body = PICTURE.format(n=number) + "".join(PARAGRAPH.format(n=number * 100 + n) for n in range(24))
    author = {"id": number % 20, "name": f"Author {number % 20}", "slug": f"author-{number % 20}"}
    return {
        "id": number + 1, "type": "post", "status": "publish", "link": f"http://{host}/{number}/", "date_gmt": moment,
        "modified": moment, "modified_gmt": moment, "title": {"rendered": f"The river, part {number}"},
        "content": {"rendered": body, "protected": False}, "excerpt": {"rendered": "", "protected": False},
        "featured_media": 0, "meta": [], "_embedded": {"author": [author]}, "_links": {},
    }  # fmt: skip


def serve(posts: int) -> None:
    """Serves the posts until it is ended; prints its address first."""

    class Answers(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            is_posts = urlsplit(self.path).path.endswith("/posts")
            found = everything if is_posts else []
            start, count = int(asked.get("offset", 0)), int(asked.get("per_page", 10))
            body = json.dumps(
                found[start : start + count] if asked.get("order") != "asc" else found[::-1][start : start + count]
            ).encode()
            self.send_response(200 if is_posts or "categories" in self.path or "media" in self.path else 404)
            for name, value in (
                ("Content-Type", "application/json"),
                ("Content-Length", len(body)),
                ("X-WP-Total", len(found)),
            ):
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    host = f"127.0.0.1:{server.server_port}"
    everything = [post(number, host) for number in range(posts)]
    print(host, flush=True)
    server.serve_forever()


def bare(host: str, posts: int) -> None:
    """Fetches and parses the same bytes, and does nothing else."""
    import lxml.html
    import requests

    started, cpu, session = time.monotonic(), time.process_time(), requests.Session()
    for offset in range(0, posts, PER_PAGE):
        page = session.get(f"http://{host}/wp-json/wp/v2/posts?per_page={PER_PAGE}&offset={offset}").json()
        for one in page:
            lxml.html.fragments_fromstring(one["content"]["rendered"])
    print(json.dumps(figures(time.monotonic() - started, time.process_time() - cpu)))


def product(file: str, posts: int) -> None:
    """Gathers; the first time everything is new, later nothing is."""
    from publisher.assembly import assembled
    from publisher.gather.run import gather_all

    with assembled(Path(file)) as publisher:
        started, cpu = time.monotonic(), time.process_time()
        report = gather_all(publisher.settings, publisher.store, clock=publisher.clock).sources[0]
        assert report.error is None, report
        assert report.new + report.unchanged == posts, report
        print(json.dumps(figures(time.monotonic() - started, time.process_time() - cpu)))


def bench(posts: int) -> None:
    """Measures both sides and prints a line for each."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, __file__, "serve", "--posts", str(posts)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            host = server.stdout.readline().strip()
            file = Path(scratch) / "config" / "newsroom.toml"
            file.parent.mkdir()
            file.write_text(CONFIG.format(host=host), encoding="utf-8")
            base = child_of(__file__, "bare", "--host", host, "--posts", str(posts))
            first = child_of(__file__, "product", "--file", str(file), "--posts", str(posts))
            again = child_of(__file__, "product", "--file", str(file), "--posts", str(posts))
            server.terminate()
    print(f"{posts:,} posts")
    for name, one in (("fetching and parsing", base), ("first gathering", first)):
        print(f"  {name}: {posts / one['seconds']:,.0f} articles/s, {one['cpu']} CPU s, {one['peak_mb']} MB peak")
    print(f"  nothing new: {again['seconds']} s")
    print(f"  ratio {base['seconds'] / first['seconds']:.2f}")


def main() -> None:
    """Reads the arguments; all words but `gather` are for its own child processes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["gather", "serve", "bare", "product"])
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--host")
    parser.add_argument("--file")
    given = parser.parse_args()
    match given.what:
        case "serve":
            serve(given.posts)
        case "bare":
            bare(given.host, given.posts)
        case "product":
            product(given.file, given.posts)
        case _:
            bench(given.posts)


if __name__ == "__main__":
    main()
