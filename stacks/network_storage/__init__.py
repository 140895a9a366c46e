"""Where data lives and how it is reached."""
