"""Pytest plugin: several pytests that run side by side share the test files; each takes the next one that is left."""

import collections
import os
from pathlib import Path

import pytest

# A file that opens browsers needs a core to itself: one process takes all of those, one after the other.
BROWSER_SUFFIX = "_tours"
PRINT_PREFIX = "test_print_"
SIZE_SUFFIX = "_size"
# How long a test takes, compared with most. Only the order in which the files are taken hangs on it.
BROWSER_WEIGHT, PRINT_WEIGHT, LONG_WEIGHT = 10, 3, 100
TAKEN = set()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Run the files that this process gets hold of; what pytest does when there is nothing to run stays its own."""
    if session.testsfailed or session.config.option.collectonly:
        return None
    items = _take_items(session.items, Path(os.environ["SERVICE_BILLING_CLAIMS"]))
    item = next(items, None)
    while item and not (session.shouldfail or session.shouldstop):
        following = next(items, None)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        item = following
    _stop_as_asked(session)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session):
    """Note what failed in the files of this process only, so that `--lf` finds what failed in any."""
    noted = session.config.pluginmanager.get_plugin("lfplugin")
    if noted:
        others = session.config.cache.get("cache/lastfailed", {})
        noted.lastfailed = {
            **{test: failed for test, failed in others.items() if _get_file(test) not in TAKEN},
            **{test: failed for test, failed in noted.lastfailed.items() if _get_file(test) in TAKEN},
        }


def sort_bundles(tests):
    """Put the names of test files into bundles that one process takes at a time, the slowest first.

    >>> sort_bundles([("test_a.py", False), ("test_a_tours.py", False), ("test_b_tours.py", False)])
    [['test_a_tours.py', 'test_b_tours.py'], ['test_a.py']]

    :param tests: For each test the name of its file, and whether it takes very long.
    :type tests: list[tuple[str, bool]]
    :rtype: list[list[str]]
    """
    bundles, weights = {}, collections.Counter()
    for name, is_long in tests:
        is_browser = Path(name).stem.endswith(BROWSER_SUFFIX)
        key = BROWSER_SUFFIX if is_browser else name
        bundles.setdefault(key, set()).add(name)
        usual = BROWSER_WEIGHT if is_browser else PRINT_WEIGHT if name.startswith(PRINT_PREFIX) else 1
        weights[key] += LONG_WEIGHT if is_long else usual
    return [sorted(bundles[key]) for key, _weight in weights.most_common()]


def claim(folder, name):
    """Take a name, unless another process has.

    :param Path folder: Where the processes leave word.
    :rtype: bool
    """
    try:
        (folder / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _take_items(items, folder):
    by_file = {}
    for item in items:
        by_file.setdefault(item.path.name, []).append(item)
    for bundle in sort_bundles([(item.path.name, _is_long(item)) for item in items]):
        if claim(folder, bundle[0]):
            TAKEN.update(bundle)
            for name in bundle:
                yield from by_file[name]


def _is_long(item):
    """Return whether hypothesis runs the test, with one example after the other, or it is about very many records."""
    return getattr(item.obj, "is_hypothesis_test", False) or item.path.stem.endswith(SIZE_SUFFIX)


def _get_file(test):
    return Path(str(test).partition("::")[0]).name


def _stop_as_asked(session):
    """End like pytest when a test asked for it, as with `--exitfirst`."""
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)
