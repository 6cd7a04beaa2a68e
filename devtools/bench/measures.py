"""What the rows have in common: both sides in turn, and what comes of it."""

from statistics import median


def run_in_turn(run_core, run_ours, rounds, *, warm_up=None):
    """Run both sides in turn, after one round that warms both up and does not count.

    :param warm_up: What warms both up instead, where a whole round takes long.
    """
    if warm_up:
        warm_up()
    else:
        run_core(), run_ours()
    return [(run_core(), run_ours()) for _round in range(rounds)]


def get_ratio(pairs):
    """Return how many times as long ours takes as core, in the middle of the rounds."""
    return median(ours["seconds"] / core["seconds"] for core, ours in pairs)


def get_totals(pairs, *, per, ratio):
    """Return what a row says in numbers.

    :param int per: How many documents all rounds made.
    """
    return {
        "ours": round(sum(ours["seconds"] for _core, ours in pairs) / per, 5),
        "baseline": round(sum(core["seconds"] for core, _ours in pairs) / per, 5),
        "ratio": round(ratio, 3),
    }


def describe_queries(pair, count):
    """Return how many queries each side needs for an invoice, as words."""
    core, ours = pair
    return f"{ours['queries'] / count:.1f} queries an invoice, core {core['queries'] / count:.1f}"
