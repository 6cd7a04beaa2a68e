"""Pytest plugin: lets Python look for garbage less often, and never in what Odoo loads once."""

import gc

# Python's own are 700, 10 and 10. A test makes some hundred thousand objects, and few of them are in circles.
THRESHOLDS = 100_000, 50, 100


def pytest_collection_finish():
    """Set aside all that is loaded by now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
