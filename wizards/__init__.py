from . import sale_advance_payment_inv
from . import service_timer_switch
from . import service_charge_invoice
from . import service_charge_waive
from . import service_billing_radar
from . import account_move_reversal
from . import service_finalize
from . import account_payment_register
