"""What every stage asks first: how this company bills, how rows are locked, how work runs in the background."""

from . import service_kept  # before the mixins that inherit it
from . import ir_cron
from . import queue_job
from . import res_company
from . import res_config_settings
from . import service_batch
from . import service_cached
from . import service_job
from . import service_job_kind
