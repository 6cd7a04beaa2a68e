"""What happened to a document, written down for good: records come in, chained events go out.

Every stage logs its own events; nobody changes or deletes one.
"""

from . import service_billing_event
