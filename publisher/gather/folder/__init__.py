"""The kind `folder`: Markdown and HTML files with front matter."""
