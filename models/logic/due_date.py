"""When an invoice may be due."""

from datetime import date, timedelta


def allowed_due_dates(
    today: date, limit_days: int, invoice_date: date, *, on_receipt: bool
) -> tuple[date, date] | None:
    """Return the first and the last day on which an invoice that is finalized today may be due.

    It is due after today; where `on_receipt` is set and it is dated today, today is possible too.

    :param today: The day in the time zone of the company.
    :param limit_days: How many days from today the last possible day is; 0 or less means that there is no rule.
    :param invoice_date: The date of the invoice.
    :param on_receipt: Whether an invoice may be due on the day of its date.
    :return: Both days, or nothing where every day is possible.

    >>> allowed_due_dates(date(2026, 11, 21), 30, date(2026, 11, 21), on_receipt=False)
    (datetime.date(2026, 11, 22), datetime.date(2026, 12, 21))
    >>> allowed_due_dates(date(2026, 11, 21), 30, date(2026, 11, 21), on_receipt=True)
    (datetime.date(2026, 11, 21), datetime.date(2026, 12, 21))
    """
    if limit_days <= 0:
        return None
    is_due_today_possible = on_receipt and invoice_date == today
    return today + timedelta(days=0 if is_due_today_possible else 1), today + timedelta(days=limit_days)
