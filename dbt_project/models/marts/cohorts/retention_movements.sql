-- One row per scope (brand, platform, shop), measure, month of coming and month of leaving: who came and left then.
-- Trap: who comes back counts again; who was in when a month began came in an earlier one. Periods reach into the future: what
-- ends there has not ended yet.
with retention_periods as (
    select * from {{ ref('retention_periods') }}
)

select
    platform,
    shop_id,
    measure,
    cast(date_trunc('month', valid_from) as date) as from_month,
    cast(date_trunc('month', valid_to) as date) as to_month,
    cast(count(*) as bigint) as customer_count
from retention_periods
group by platform, shop_id, measure, cast(date_trunc('month', valid_from) as date), cast(date_trunc('month', valid_to) as date)
