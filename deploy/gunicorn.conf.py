"""gunicorn for XPress: threads, because an export streams for as long as it takes.

One worker process: it owns the printer processes, one a core. The sync worker must not be used: it
kills what runs longer than its timeout.
"""

import os

bind = os.environ.get("BIND", "0.0.0.0:8000")  # behind a proxy, in a container
workers = 1
worker_class = "gthread"
threads = 16
timeout = 60
graceful_timeout = 120
# The query holds frame tokens, so the log has the path alone.
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(M)sms"
