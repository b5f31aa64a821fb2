"""What ships with the program besides code: the templates, and the example newsroom.

In a wheel they lie inside the package, in a checkout beside it.
"""

from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped_folder(name: str) -> Path:
    """The folder `templates` or `config` as shipped."""
    inside = PACKAGE / "shipped_files" / name
    return inside if inside.is_dir() else PACKAGE.parent / name
