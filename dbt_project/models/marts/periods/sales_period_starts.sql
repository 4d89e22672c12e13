-- One row per first day of a period with sales or refunds, with the fingerprint of the periods that begin on it.
-- Trap: a change of a day concerns it, its week, its month and its campaigns; tables by period are rebuilt for these alone.
with period_days as (
    select * from {{ ref('period_days') }}
),

sales_days as (
    select * from {{ ref('sales_days') }}
)

select
    period_days.period_start,
    cast({{ rows_fingerprint([
        'period_days.period_key', 'period_days.period_end', 'period_days.is_reported', 'period_days.business_date',
        'sales_days.fingerprint'
    ]) }} as varchar) as fingerprint
from period_days
inner join sales_days on period_days.business_date = sales_days.business_date
group by period_days.period_start
