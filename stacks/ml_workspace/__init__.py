"""What data scientists and applications use."""
