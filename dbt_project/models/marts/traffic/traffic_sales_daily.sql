-- One row per paid day, platform, influencer and traffic (source, type, format, channel), over valid lines.
-- Trap: refunds are on the pay-time basis. Traffic is what the platform says of a line, some of it a day late; null is not told.
{{ table_by_day(days='sales_days', day='business_date', column='paid_date') }}

with due_days as (
    {{ due_days(days='sales_days', day='business_date') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
)

select
    paid_date,
    platform,
    influencer_key,
    traffic_source,
    traffic_type,
    traffic_format,
    traffic_channel,
    cast(count(*) as bigint) as line_count,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount,
    cast(sum(refunded_amount) as decimal(18, 2)) as refunded_amount
from order_lines
where is_valid and paid_date in (select due_days.business_date from due_days)
group by paid_date, platform, influencer_key, traffic_source, traffic_type, traffic_format, traffic_channel
