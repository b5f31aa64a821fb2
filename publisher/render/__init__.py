"""From fragments to messages: templates, style inlining, plain text, MIME."""
