"""Hostile bodies in a real browser: as they came they do run, so the test can tell; cleaned, none does.

Each body stands in a frame of its own. There it is read, written out and read again (which is what mutates), and every
event that a reader could cause is fired at every element in it, links to scripts and forms among them.
"""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from publisher.gather.cleaning.clean import clean_html
from tests.gather.xss_vectors import VECTORS

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
EVENTS = sorted({name for vector in VECTORS for name in re.findall(r"\bon[a-z]+(?==)", vector.html)})
#: Runs in each frame.
PROVOKE = """
const events = EVENTS, touch = () => {
  for (const element of document.querySelectorAll('body, body *')) {
    for (const name of events) element.dispatchEvent(new Event(name.slice(2)));
    const href = String((element.href && element.href.baseVal) || element.href || '');
    const click = new MouseEvent('click', {bubbles: false});
    if (/^\\s*(javascript|vbscript|data):/i.test(href)) element.dispatchEvent(click);
    if (/^javascript:/i.test(String(element.formAction || ''))) element.click();
    if (element.tagName === 'FORM' && /^javascript:/i.test(element.action)) element.submit();
  }
};
addEventListener('load', () => {
  touch();
  const copy = document.createElement('div');
  copy.innerHTML = document.body.innerHTML;
  document.body.append(copy);
  setTimeout(touch, 200);
});
""".replace("EVENTS", json.dumps(EVENTS))
PAGE = """<!doctype html><meta charset=utf-8><title>none</title>
<script>
const all = new Set();
function ran(number) { all.add(number); document.title = [...all].join(' '); }
</script>
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine"),
]


def numbers_that_ran(bodies: list[str], folder: Path) -> set[int]:
    """Opens all bodies in the browser and gives the numbers of those that ran something."""
    documents = (f"<!doctype html><script>{PROVOKE}</script><body>{body}" for body in bodies)
    frames = "".join(f'<iframe srcdoc="{html.escape(document)}"></iframe>\n' for document in documents)
    page = folder / "page.html"
    page.write_text(PAGE + frames, encoding="utf-8", errors="replace")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=20000"]
    outside = "--host-resolver-rules=MAP * ~NOTFOUND"  # nothing here leaves the machine
    command = [str(BROWSER), *options, outside, f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()]
    answer = subprocess.run(command, capture_output=True, check=True, timeout=120)
    title = re.search(r"<title>(.*?)</title>", answer.stdout.decode("utf-8", "replace"))
    assert title is not None
    return {int(number) for number in title[1].split() if number.isdecimal()}


def test_hostile_bodies_run_as_they_came(tmp_path: Path) -> None:
    bodies = [vector.calling(f"top.ran({number})") for number, vector in enumerate(VECTORS)]

    ran = numbers_that_ran(bodies, tmp_path)

    assert len(ran) > len(VECTORS) * 0.6
    assert {vector.family for vector in VECTORS} - {VECTORS[number].family for number in ran} <= {"styles"}


def test_cleaned_hostile_bodies_run_nothing(tmp_path: Path) -> None:
    bodies = [
        clean_html(vector.calling(f"top.ran({number})"), "https://news.example.org/gold/route").html
        for number, vector in enumerate(VECTORS)
    ]

    assert numbers_that_ran([*bodies, "<img src=x: onerror=top.ran(9999)>"], tmp_path) == {9999}
