"""An edition to many readers through the Mailgun adapter, against a bare loop that posts the same ready-made bodies.

    .venv/bin/python scripts/bench send [--readers 50000] [--latency-ms 0 300] [--url http://127.0.0.1:8099]

Both post with the same concurrency to the same stand-in. `--url` names a running one; without it a small one of our own
is started, which reads each request, waits, and answers as Mailgun does.
"""

import argparse
import asyncio
import http.client
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import urlopen

from measuring import child_of, figures

if TYPE_CHECKING:
    from publisher.assembly import Publisher

ROOT = Path(__file__).parents[2]
CONFIG = """
[newsroom]
name = "Example Observatory"
url = "https://news.example.org"
public_url = "https://follow.example.org"
languages = ["en"]
postal_address = "Example Observatory, Calle 1 # 2-3, Bogotá, Colombia"
contact = "desk@news.example.org"
[[sources]]
id = "articles"
kind = "folder"
url = "{articles}"
[licence]
default = "https://creativecommons.org/licenses/by-nc/4.0/"
[provider]
kind = "mailgun"
from = "Example Observatory <digest@mail.example.org>"
url = "{url}"
domain = "mail.example.org"
api_key = "env:PROVIDER_KEY"
[newsletters.weekly]
title = {{ en = "The week" }}
schedule = "0 7 * * fri"
max_age = "20000d"
maximum = 10
"""


async def serve_stand_in(port: int, latency: float) -> None:
    """Reads whole requests, waits, answers; nothing else."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                return
            length = next((int(x[15:]) for x in head.split(b"\r\n") if x[:15].lower() == b"content-length:"), 0)
            await reader.readexactly(length)
            await asyncio.sleep(latency)
            body = b'{"id": "<1@mail.example.org>", "message": "Queued. Thank you."}'
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )

    server = await asyncio.start_server(answer, "127.0.0.1", port, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def stand_in(url: str | None, latency_ms: int) -> Iterator[str]:
    """The address of a stand-in with this latency."""
    if url:
        urlopen(f"{url}/_control?latency_ms={latency_ms}").read()  # noqa: S310 - the operator's own
        yield url
        return
    command = [sys.executable, __file__, "stand-in", "--latency-ms", str(latency_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


def prepare(folder: Path, url: str, readers: int) -> Path:
    """A newsroom with readers and one frozen edition; the file of its configuration."""
    from publisher.assembly import assembled
    from publisher.audience.readers import Consent, Importer, import_readers, read_lines
    from publisher.compose.edition import compose_edition
    from publisher.gather.run import gather_all
    from publisher.store import editions

    file = folder / "config" / "newsroom.toml"
    file.parent.mkdir(parents=True)
    file.write_text(CONFIG.format(url=url, articles=ROOT / "config" / "articles"), encoding="utf-8")
    listing = folder / "readers.csv"
    listing.write_text("email\n" + "".join(f"reader{n:06d}@example.org\n" for n in range(readers)), encoding="utf-8")
    with assembled(file) as publisher:
        gather_all(publisher.settings, publisher.store, clock=publisher.clock)
        with publisher.store.begin() as tx:
            newsletter = editions.ensure_newsletter(tx, "weekly", list_id="weekly.news.example.org")
        importer = Importer(
            store=publisher.store, secrets=publisher.secrets, newsletter=newsletter, now=publisher.now()
        )
        with listing.open(encoding="utf-8") as lines:
            import_readers(read_lines(lines, Consent(text="bench", is_confirmed=True)), importer)
        slot = publisher.now().replace(second=0, microsecond=0)
        edition = compose_edition(publisher.composer, "weekly", slot, by_clock=False, now=publisher.now())
        publisher.freeze(edition.id)
        save_bodies(publisher, edition.id, folder / "bodies")
    return file


def save_bodies(publisher: "Publisher", edition: int, file: Path) -> None:
    """Writes the ready-made bodies of all batches down, for the bare loop."""
    from publisher.deliver.mailer import Claim, load_content, render_batch
    from publisher.deliver.providers.mailgun_form import build_form
    from publisher.store import batches, ledger

    with publisher.store.read() as tx:
        claims = [
            Claim(batch=one, readers=ledger.list_readers(tx, one.id)) for one in batches.list_batches(tx, edition)
        ]
    content = load_content(publisher.store, edition, claims[0].batch.cut)
    bodies = [build_form(render_batch(publisher.mailer, content, claim)) for claim in claims]
    file.write_bytes(pickle.dumps(bodies))


def bare_loop(url: str, file: Path, concurrency: int) -> None:
    """Posts ready-made bodies, as fast as threads can; prints seconds, CPU seconds and MB."""
    bodies = pickle.loads(file.read_bytes())  # noqa: S301 - our own, of a moment ago
    address = urlsplit(url).netloc
    started, cpu = time.monotonic(), time.process_time()

    def post(part: list[tuple[str, bytes]]) -> None:
        connection = http.client.HTTPConnection(address)
        for content_type, body in part:
            headers = {"Content-Type": content_type, "Authorization": "Basic YXBpOmtleQ=="}
            connection.request("POST", "/v3/mail.example.org/messages", body, headers)
            assert connection.getresponse().read().startswith(b"{")

    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(post, [bodies[n::concurrency] for n in range(concurrency)]))
    print(json.dumps(figures(time.monotonic() - started, time.process_time() - cpu)))


def product(file: Path) -> None:
    """Sends the prepared edition; prints the same figures."""
    from publisher.assembly import assembled

    with assembled(file) as publisher:
        publisher.mailer  # noqa: B018 - made before the clock runs, like the bare loop's bodies
        cpu = time.process_time()
        report = publisher.send(1, by_hand=True)
        assert report.state == "sent", report
        print(json.dumps(figures(report.seconds, time.process_time() - cpu)))


def bench_send(readers: int, latencies: list[int], url: str | None) -> None:
    """Measures both sides at each latency and prints a line for each."""
    os.environ["PROVIDER_KEY"] = "key"
    for latency in latencies:
        with tempfile.TemporaryDirectory() as scratch, stand_in(url, latency) as where:
            file = prepare(Path(scratch), where, readers)
            concurrency = child_of(__file__, "concurrency", "--file", str(file))["concurrency"]
            base = child_of(
                __file__,
                "bare",
                "--url",
                where,
                "--file",
                str(file.parent.parent / "bodies"),
                "--threads",
                str(concurrency),
            )
            ours = child_of(__file__, "product", "--file", str(file))
            ratio = base["seconds"] / ours["seconds"]
            print(f"latency {latency} ms, {readers} readers, {concurrency} at once")
            for name, one in (("publisher", ours), ("bare loop", base)):
                rate = readers / one["seconds"]
                print(f"  {name}: {rate:,.0f} readers/s, {one['cpu']} CPU s, {one['peak_mb']} MB peak")
            print(f"  ratio {ratio:.2f}")


def main() -> None:
    """Reads the arguments; the words after `send` are for its own child processes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["send", "stand-in", "bare", "product", "concurrency"])
    parser.add_argument("--readers", type=int, default=50_000)
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[0, 300])
    parser.add_argument("--url")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    match given.what:
        case "stand-in":
            asyncio.run(serve_stand_in(0, given.latency_ms[0] / 1000))
        case "bare":
            bare_loop(given.url, given.file, given.threads)
        case "product":
            product(given.file)
        case "concurrency":
            from publisher.assembly import assembled

            with assembled(given.file) as publisher:
                print(json.dumps({"concurrency": publisher.provider.limits.concurrency}))
        case _:
            bench_send(given.readers, given.latency_ms, given.url)


if __name__ == "__main__":
    main()
