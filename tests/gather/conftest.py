"""What the tests of gathering share: the stand-ins stand beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
