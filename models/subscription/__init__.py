"""What recurs: in comes what a customer agreed to pay again and again, out goes which days cost how much, and when.

States of a subscription, computed but for the first: draft, active, paused, ending, ended.
"""

from . import res_company
from . import res_config_settings
from . import res_partner
from . import service_subscription
from . import service_subscription_lock
from . import service_subscription_plan
from . import service_subscription_state
from . import service_subscription_renewal
from . import service_subscription_line
from . import service_subscription_line_plan
from . import service_subscription_pause
from . import service_subscription_reminder
