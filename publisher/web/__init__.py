"""What answers on the web: the public files, the readers' links, and signs of life."""
