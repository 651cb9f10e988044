"""gunicorn for XPress: threads, because an export streams for as long as it takes.

One worker process: it owns the printers, the slots and the queue. The sync worker must not be used:
it kills what runs longer than its timeout.
"""

import os

from xpress import settings

bind = os.environ.get("BIND", "0.0.0.0:8000")  # behind a proxy, in a container
workers = 1
worker_class = "xpress.worker.Worker"
# Each export holds a thread while it waits and while it streams; the others stay for the rest.
threads = (settings.XPRESS_EXPORTS or os.cpu_count() or 1) + settings.XPRESS_QUEUE + 16
timeout = 60  # without a sign of the process itself, not of an export
# Whoever has a place is served to the end: the longest wait, the longest export, the sending.
graceful_timeout = settings.XPRESS_QUEUE_SECONDS + settings.XPRESS_EXPORT_SECONDS + 60
# The query holds frame tokens, so the log has the path alone.
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(M)sms"
