"""When a day runs by itself.

Belongs here: clock times. Does not: what runs. Delivery date D holds the business up to the end of D, which is in
the inbox early on D+1: so the run at 06:00 is about yesterday.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.partitions import DAILY, TIMEZONE, Window


@dg.schedule(
    job_name=DAILY,
    cron_schedule="0 6 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="06:00 in Shanghai: yesterday's delivery. Off until switched on; needs `make dev` or a Dagster daemon.",
)
def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    yesterday = (context.scheduled_execution_time.astimezone(ZoneInfo(TIMEZONE)) - timedelta(days=1)).date()
    return dg.RunRequest(run_key=f"every morning {yesterday}", tags=Window(yesterday, yesterday).tags)
