"""Money comes in: payments against invoices; out goes what is still due."""

from . import res_company
from . import payment_provider
from . import account_payment_method
from . import account_journal
from . import account_payment
from . import account_move
from . import account_partial_reconcile
from . import payment_transaction
from . import account_payment_open_day
