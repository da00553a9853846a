"""How fast openpeel is beside what an analyst would use instead; docs/explanation/performance.md tells the result.

Run with `python -m benchmarks`. Nothing here is part of the package.
"""
