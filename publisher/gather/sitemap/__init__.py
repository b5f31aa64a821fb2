"""The kind `sitemap`: a sitemap, and the pages that it lists."""
