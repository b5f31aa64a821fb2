"""The kind `feed`: RSS, Atom and JSON Feed."""
