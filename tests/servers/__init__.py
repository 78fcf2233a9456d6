"""Small servers of our own that tests talk to over loopback."""
