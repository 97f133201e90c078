"""Benchmarks: each prints one JSON object. Timings live here, never in tests."""
