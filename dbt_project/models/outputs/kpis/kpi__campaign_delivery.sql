-- One row per campaign, and below it per wave, cell, segment, influencer and guide: what was sent, what arrived, what it cost.
-- Trap: people are distinct within their row, so choose one `scope` and do not add rows; `all` stands for what a row does not
-- tell apart. A person counts as touched where a message did not fail, as delivered where one has its receipt.
with touches as (
    select * from {{ ref('audience_touches') }}
),

messages as (
    select
        cell_key,
        touch_id,
        bool_or(is_failed) as is_failed,
        min(segment_count) as segment_count,
        min(cost_amount) as cost_amount
    from touches
    group by cell_key, touch_id
),

counted_messages as (
    select
        cell_key,
        count(*) as message_count,
        sum(case when is_failed then 1 else 0 end) as failed_message_count,
        sum(segment_count) as segment_count,
        sum(case when cost_amount is not null then segment_count else 0 end) as priced_segment_count,
        sum(cost_amount) as message_cost_amount
    from messages
    group by cell_key
),

cells as (
    select
        cell_key,
        min(scope) as scope,
        min(campaign_id) as campaign_id,
        min(wave) as wave,
        min(arm) as arm,
        min(tier) as tier,
        min(channel) as channel,
        min(part) as part,
        min(as_of_date) as as_of_date,
        min(campaign_start_date) as campaign_start_date,
        min(sent_at) as first_sent_at,
        max(sent_at) as last_sent_at,
        bool_and(has_receipts) as has_receipts,
        count(distinct case when not is_failed then person_key end) as touched_count,
        count(distinct case when is_delivered then person_key end) as delivered_count
    from touches
    group by cell_key
)

select
    cells.cell_key,
    cells.scope,
    cells.campaign_id,
    cells.wave,
    cells.arm,
    cells.tier,
    cells.channel,
    cells.part,
    cells.as_of_date,
    cells.campaign_start_date,
    cells.first_sent_at,
    cells.last_sent_at,
    cells.has_receipts,
    counted_messages.message_count,
    cast(counted_messages.failed_message_count as bigint) as failed_message_count,
    cast(counted_messages.segment_count as bigint) as segment_count,
    cast(counted_messages.message_cost_amount as decimal(18, 2)) as message_cost_amount,
    {{ ratio('counted_messages.message_cost_amount', 'counted_messages.priced_segment_count') }}
        as message_cost_per_segment,
    cells.touched_count,
    cells.delivered_count,
    {{ ratio('cells.delivered_count', 'cells.touched_count') }} as delivered_ratio
from cells
inner join counted_messages on cells.cell_key = counted_messages.cell_key
