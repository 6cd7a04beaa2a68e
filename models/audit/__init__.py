"""What happened to a document, written down for good: records come in, chained events go out.

Every stage logs its own events; nobody changes or deletes one. Automation rules and webhooks are told of them.
"""

from . import service_billing_event
from . import service_billing_event_check
from . import service_billing_event_export
from . import service_billing_event_seal
from . import service_billing_event_listener
from . import service_billing_event_run
from . import service_billing_refusal
from . import service_webhook
from . import service_webhook_delivery
from . import base_automation
