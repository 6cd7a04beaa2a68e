"""The ledger of everything billable: finished work comes in, invoice lines go out, each charge once.

States of a charge: pending, open, drafted, invoiced, waived.
"""

from . import service_order_type
from . import service_charge
from . import service_charge_lock
from . import service_charge_order
from . import service_charge_work
from . import service_charge_invoicing
from . import service_charge_currency
from . import service_charge_collect
from . import service_charge_plan
from . import service_billing_profile
from . import service_billing_run
from . import service_billing_run_line
from . import service_billing_run_preview
from . import service_billing_run_cycle
from . import service_billing_run_review
from . import res_company
from . import res_currency
from . import res_config_settings
from . import service_charge_credit
from . import service_charge_again
from . import service_charge_advance
from . import service_charge_subscription
from . import service_deposit_use
from . import service_order_milestone
from . import service_order_milestone_billing
from . import service_order_line
from . import service_order
from . import service_order_cycle
from . import service_order_line_cycle
from . import service_charge_cycle
from . import service_order_advance
from . import service_subscription_line
from . import service_subscription
from . import account_move
from . import account_move_deduction
from . import account_move_line
from . import product_product
from . import res_partner
