"""A builder as a process of its own, watched and to be killed: `python builder.py CONFIG [KILL_AT]`.

Before each change under `public/` it looks whether every feed that stands names only what stands too, and writes what
does not to standard error. With KILL_AT it kills itself, as the kernel would, before that change. It ends by writing
how many changes there were.
"""

import os
import re
import signal
import sys
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from publisher.assembly import assemble

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir"}
ARCHIVE = re.compile(r"\d{4}-\d{2}\.(rss|atom)")


class Watch:
    """Looks at what a client could see, between any two changes."""

    def __init__(self, public: Path, address: str, kill_at: int) -> None:
        self.public = public
        self.named = re.compile(re.escape(address) + r"/([\w./-]*)")
        self.kill_at = kill_at
        self.steps = count(1)
        self.step = 0
        self.read: dict[Path, tuple[int, frozenset[str]]] = {}

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Hears of every event of the interpreter."""
        is_written = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        if not (event in CHANGES or is_written) or not str(arguments[0]).startswith(f"{self.public}/"):
            return
        self.step = next(self.steps)
        if self.step == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if not is_written:
            self.look(f"before {event} of {arguments[0]}")

    def look(self, when: str) -> None:
        """Tells of each address that a feed names and that is not there."""
        waiting = [one for one in self.public.glob("feeds/**/*") if is_feed(one) and not ARCHIVE.fullmatch(one.name)]
        seen = set(waiting)
        while waiting:
            feed = waiting.pop()
            for path in self.names(feed):
                place = self.public / path
                if not (place / "index.html" if path.endswith("/") or not path else place).is_file():
                    sys.stderr.write(f"{feed.relative_to(self.public)} names {path}, {when}\n")
                elif ARCHIVE.fullmatch(place.name) and place not in seen:
                    seen.add(place)
                    waiting.append(place)

    def names(self, feed: Path) -> frozenset[str]:
        """What a feed names of ours."""
        mark = feed.stat().st_ino
        if self.read.get(feed, (0, ""))[0] != mark:
            self.read[feed] = (mark, frozenset(self.named.findall(feed.read_text())))
        return self.read[feed][1]


def is_feed(file: Path) -> bool:
    """Whether a file is a feed in one of the formats."""
    return file.suffix in {".rss", ".atom", ".json"} and file.is_file()


def main() -> None:
    """Builds once."""
    publisher = assemble(Path(sys.argv[1]))
    address = publisher.settings.newsroom.public_url
    watch = Watch(publisher.settings.public, address, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    sys.addaudithook(watch)
    publisher.build()
    watch.look("at the end")
    sys.stdout.write(f"{watch.step}\n")
    publisher.close()


if __name__ == "__main__":
    main()
