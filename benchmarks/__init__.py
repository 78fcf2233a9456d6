"""Benchmarks: `make bench` runs them all. Each prints rates and ratios measured in one run on one core."""
