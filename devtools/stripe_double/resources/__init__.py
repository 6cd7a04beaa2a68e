"""What the double can do, a module for each family of resources; importing them registers their routes."""

from . import (
    accounts,
    balance,
    checkout,
    customers,
    disputes,
    invoices,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
)
