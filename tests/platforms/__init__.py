"""Every platform through one shared test, and each platform's own ways."""
