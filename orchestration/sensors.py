"""What starts a day because its files have come.

Belongs here: turning a changed inbox into a request for a run. Does not: what counts as complete (`inbox.py`).
"""

import json
import time
from datetime import date

import dagster as dg

from orchestration.inbox import settled_states
from orchestration.partitions import DAILY, Window
from orchestration.settings import Settings

REQUESTS_PER_TICK = 31


def delivery_sensor(calendar: dg.DailyPartitionsDefinition) -> dg.SensorDefinition:
    @dg.sensor(
        name="delivery_complete",
        job_name=DAILY,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description="Runs a delivery date once all its files have been unchanged for SIYU_SETTLE_SECONDS, and again "
        "when one of them changes. Off until switched on; needs `make dev` or a Dagster daemon.",
    )
    def delivery_complete(
        context: dg.SensorEvaluationContext, installation: dg.ResourceParam[Settings]
    ) -> dg.SensorResult | dg.SkipReason:
        seen = json.loads(context.cursor or "{}")
        settled = settled_states(installation.inbox, time.time(), installation.settle_seconds)
        changed = {str(day): state for day, state in sorted(settled.items()) if seen.get(str(day)) != state}
        runnable = {day: state for day, state in changed.items() if calendar.has_partition_key(day)}
        due = dict(list(runnable.items())[:REQUESTS_PER_TICK])
        if not due:
            outside = ", ".join(sorted(changed.keys() - runnable.keys()))
            return dg.SkipReason(f"No delivery has changed{f'; outside the calendar: {outside}' if outside else ''}.")
        requests = [
            dg.RunRequest(run_key=f"{day} {state}", tags=Window(date.fromisoformat(day), date.fromisoformat(day)).tags)
            for day, state in due.items()
        ]
        return dg.SensorResult(run_requests=requests, cursor=json.dumps(seen | due))

    return delivery_complete
