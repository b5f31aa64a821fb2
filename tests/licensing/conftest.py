"""Makes this folder's builders importable by their own names; the syndicate's tests use them too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
