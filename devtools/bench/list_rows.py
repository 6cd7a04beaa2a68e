"""The row about screens with very many invoices; what a row returns is described where the others are."""

from statistics import quantiles

from ..machine import Machine

INVOICES = 100_000
ROUNDS = 5
CORE_ACTION, OUR_ACTION = "account.action_move_out_invoice", "service_billing.account_move_action_invoices"
OPEN = [["payment_state", "in", ["not_paid", "partial"]], ["state", "=", "posted"]]
# What is asked of both lists: our words, and core's for the same.
PAGES = {
    "first page": ({}, {}),
    "a late page": ({"offset": 9_000}, {"offset": 9_000}),
    "open": ({"domain": [["billing_status", "=", "open"]]}, {"domain": OPEN}),
    "paid": ({"domain": [["billing_status", "=", "paid"]]}, {"domain": [["payment_state", "=", "paid"]]}),
    "overdue": (
        {"domain": [["billing_overdue", "=", True]]},
        {"domain": [*OPEN, ["invoice_date_due", "<", "today"]]},
    ),
    "a month": (
        {"domain": [["invoice_date", ">=", "today -60d"], ["invoice_date", "<", "today -30d"]]},
        {"domain": [["invoice_date", ">=", "today -60d"], ["invoice_date", "<", "today -30d"]]},
    ),
    "a customer": (
        {"domain": [["partner_id", "child_of", "Bench customer 123"]]},
        {"domain": [["partner_id", "child_of", "Bench customer 123"]]},
    ),
    "a product": (
        {"domain": [["invoice_line_ids.product_id", "ilike", "Bench valve"]]},
        {"domain": [["invoice_line_ids.product_id", "ilike", "Bench valve"]]},
    ),
    "a number": ({"domain": [["name", "ilike", "012345"]]}, {"domain": [["name", "ilike", "012345"]]}),
    "by amount": (
        {"order": "amount_total_in_currency_signed desc"},
        {"order": "amount_total_in_currency_signed desc"},
    ),
    "by due date": ({"order": "invoice_date_due"}, {"order": "invoice_date_due"}),
    "by customer": ({"order": "invoice_partner_display_name"}, {"order": "invoice_partner_display_name"}),
    "by status": ({"order": "billing_status"}, {"order": "payment_state"}),
}


def list_100k(core, ours):
    """Lists, searches and forms of the invoices, against core's list and form of the same."""
    for worker in (core, ours):
        worker.run("fill_invoices", count=INVOICES)
        Machine().postgres.query("VACUUM ANALYZE account_move, account_move_line", database=worker.database)
    samples = {name: ([], []) for name in [*PAGES, "form"]}
    for number in range(ROUNDS + 1):
        for name, seconds in samples.items():
            pair = _load(core, name, number, is_ours=False), _load(ours, name, number, is_ours=True)
            for side, value in zip(seconds, pair if number else (), strict=False):
                side.append(value)
    baseline, mine = (_get_p95([sample for pair in samples.values() for sample in pair[side]]) for side in (0, 1))
    worst = max(samples, key=lambda name: min(samples[name][1]) / min(samples[name][0]))
    return {
        "ours": round(mine, 4),
        "baseline": round(baseline, 4),
        "ratio": round(mine / baseline, 3),
        "unit": "s, p95",
        "budget": "<= 1.30 x core",
        "ok": mine / baseline <= 1.30,
        "detail": f"{INVOICES} invoices; farthest from core: {_describe(worst, samples)}; {_describe('form', samples)}",
    }


def _load(worker, name, number, *, is_ours):
    """Return the seconds that one side takes; each round opens another form."""
    action = OUR_ACTION if is_ours else CORE_ACTION
    if name == "form":
        return worker.run("load_form", action=action, number=number * 7919 + 1)["seconds"]
    ours, core = PAGES[name]
    return worker.run("load_list", action=action, **{"domain": [], **(ours if is_ours else core)})["seconds"]


def _get_p95(seconds):
    return quantiles(seconds, n=20)[-1]


def _describe(name, samples):
    core, ours = (min(side) for side in samples[name])
    return f"{name} {ours:.3f} s, core {core:.3f} s"


LIST_ROWS = {"list_100k": list_100k}
