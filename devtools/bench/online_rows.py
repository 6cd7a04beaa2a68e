"""The rows about payments online; what a row returns is described where the others are."""

from .measures import describe_queries, get_ratio, get_totals, run_in_turn

# As many as the gateway asks Stripe for in a second without a pause.
ROUNDS, PAYMENTS_A_ROUND = 5, 10
EVENTS, PAYMENTS = 1000, 20


def webhook(core, ours):
    """From the event of a payment to the paid invoice, against core creating and reconciling the same payment."""
    pairs = run_in_turn(
        lambda: core.run("core_payments", count=PAYMENTS_A_ROUND),
        lambda: ours.run("webhook_payments", count=PAYMENTS_A_ROUND),
        ROUNDS,
    )
    ratio, paid = get_ratio(pairs), pairs[-1][1]["paid"]
    return {
        **get_totals(pairs, per=ROUNDS * PAYMENTS_A_ROUND, ratio=ratio),
        "unit": "s a payment",
        "budget": "<= 1.5 x core",
        "ok": ratio <= 1.5 and paid == PAYMENTS_A_ROUND,
        "detail": f"with one question to Stripe each, {describe_queries(pairs[-1], PAYMENTS_A_ROUND)}",
    }


def inbox(core, ours):
    """A full inbox, drained: the events about a payment that is booked cost little, and none is lost."""
    baseline = core.run("core_payments", count=PAYMENTS_A_ROUND)["seconds"] / PAYMENTS_A_ROUND
    drained = ours.run("drain_inbox", count=EVENTS, payments=PAYMENTS)
    seconds = drained["seconds"] / EVENTS
    return {
        "ours": round(seconds, 5),
        "baseline": round(baseline, 5),
        "ratio": round(seconds / baseline, 3),
        "unit": "s an event",
        "budget": f"all {EVENTS} applied",
        "ok": (drained["done"], drained["paid"]) == (EVENTS, PAYMENTS),
        "detail": f"{drained['done']} of {EVENTS} events applied in {drained['seconds']:.1f} s, "
        f"{drained['paid']} of {PAYMENTS} payments in the books",
    }


ONLINE_ROWS = {"webhook": webhook, "inbox": inbox}
