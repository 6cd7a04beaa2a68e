"""The subscriptions of the demo firm, told as data, in months and days from today."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Agreement:
    """One subscription. Customers and products are named by the last part of their external id.

    It starts on the first of the month that lies so many `months` from today, or `days` from today. `products` gives
    the price of each; `pause_days` and `end_days` count from today.
    """

    key: str
    customer: str
    products: dict = field(default_factory=dict)
    unit: str = "month"
    interval: int = 1
    billing_time: str = "advance"
    months: int = 0
    days: int | None = None
    end_days: int | None = None
    pause_days: int | None = None
    reference: str = ""
    note: str = ""
    is_draft: bool = False


AGREEMENTS = (
    Agreement(
        "hotel", "hotel", {"contract": 89.0, "standby": 24.5}, reference="HW-2230",
        note="Both boilers, four visits a year. Parts are billed as they are used.",
    ),
    Agreement("dental", "dental", {"contract": 135.0}, interval=3, months=-1),
    Agreement(
        "parkview", "parkview", {"monitoring": 32.0}, months=-2, pause_days=-20,
        note="Paused while the roof is rebuilt: the heat pump is switched off.",
    ),
    Agreement("bakery", "bakery", {"contract": 390.0}, unit="year", billing_time="arrears", days=-345, end_days=19),
    Agreement("sennhof", "sennhof", {"contract": 120.0, "monitoring": 40.0}, interval=3, months=1, is_draft=True),
)  # fmt: skip
