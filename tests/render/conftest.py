"""Lets the tests here import the builder beside them by its own name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
