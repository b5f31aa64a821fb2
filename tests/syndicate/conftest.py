"""Makes the builders of articles, and those of houses, importable by their own names."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "licensing")]
