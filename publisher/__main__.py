"""`python -m publisher` is `publisher`."""

import sys

from publisher.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
