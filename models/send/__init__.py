"""The document goes to its customer: a finalized one comes in; mails, each with its true state, go out.

States of a delivery: queued, sent, delivered, opened, bounced, failed.
"""

from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_users
from . import res_users_settings
from . import service_delivery
from . import service_delivery_mail
from . import service_delivery_bounce
from . import service_delivery_print
from . import service_delivery_event
from . import mail_thread
from . import account_move
from . import account_move_recipient
from . import account_move_mail
from . import account_move_action
from . import account_move_send
from . import service_finalize_batch
from . import service_finalize_line
from . import service_order_type
from . import service_order
from . import service_billing_profile
from . import service_billing_run_line
