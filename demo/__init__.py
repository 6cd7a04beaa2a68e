from . import service_billing_demo
from . import service_billing_demo_quotation
from . import service_billing_demo_subscription
