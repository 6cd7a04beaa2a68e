class StripeMismatchError(Exception):
    """What Stripe tells fits no payment of ours: nothing is booked, and somebody has to look at it."""
