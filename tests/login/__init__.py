"""Logging in, against small servers that are as strict as the networks."""
