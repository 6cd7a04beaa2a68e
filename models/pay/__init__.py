"""Money comes in: payments against invoices; out goes what is still due."""

from . import res_company
from . import payment_provider
from . import account_payment_method
from . import account_journal
from . import account_payment
from . import account_move
from . import account_partial_reconcile
from . import payment_transaction
from . import payment_provider_webhook
from . import payment_provider_sweep
from . import payment_transaction_stripe
from . import payment_transaction_checkout
from . import account_move_checkout
from . import service_stripe_customer
from . import service_stripe_event
from . import service_stripe_event_payment
from . import account_payment_open_day
from . import res_company_credit
from . import res_config_settings_credit
from . import res_partner_credit
from . import service_credit_item
from . import service_credit_use
from . import account_move_line
from . import account_move_credit
