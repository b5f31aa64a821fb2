"""What one side of a comparison needed, each side in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

QUIET = {"PROVIDER_KEY": "key", "PUBLISHER_LOG": "error"}


def figures(seconds: float, cpu: float) -> dict[str, float]:
    """Seconds on the clock, CPU seconds, and the peak of memory so far."""
    # not `ru_maxrss`, which a child inherits from the parent that started it
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return {"seconds": round(seconds, 3), "cpu": round(cpu, 2), "peak_mb": round(peak, 1)}


def child_of(script: str, *arguments: str) -> dict[str, float]:
    """Runs one side and gives the figures that it printed last."""
    paths = os.pathsep.join([str(Path(script).parents[2]), str(Path(script).parent)])
    environment = {**os.environ, **QUIET, "PYTHONPATH": paths}
    done = subprocess.run([sys.executable, script, *arguments], env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])
