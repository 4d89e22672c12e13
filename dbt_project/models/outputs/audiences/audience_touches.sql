-- One row per message of a campaign, person it was sent to, and row of the reports it counts in: campaign, wave, and cell.
-- Trap: every message is here three times, choose one `scope`; `all` stands for what it does not tell apart. Who was drawn
-- into the control group stays in it, whatever the message says; a variant that was drawn is the arm; what nobody states is
-- `unknown`.
with touches as (
    select * from {{ ref('campaign_touches') }}
),

entries as (
    select * from {{ ref('audience_entries') }}
),

scopes as (
    select
        'campaign' as scope,
        1 as depth
    union all
    select
        'wave' as scope,
        2 as depth
    union all
    select
        'cell' as scope,
        3 as depth
),

scoped as (
    select
        scopes.scope,
        touches.campaign_id,
        case when scopes.depth > 1 then coalesce(touches.wave, 'unknown') else 'all' end as wave,
        case
            when scopes.depth < 3 then 'all'
            when entries.arm = 'control' then 'control'
            else coalesce(nullif(entries.variant, 'none'), touches.arm, entries.arm, 'unknown')
        end as arm,
        case when scopes.depth = 3 then coalesce(entries.tier, 'unknown') else 'all' end as tier,
        case when scopes.depth = 3 then coalesce(touches.channel, 'unknown') else 'all' end as channel,
        touches.touch_id,
        touches.person_key,
        touches.campaign_start_date,
        touches.sent_at,
        touches.has_receipts,
        touches.is_delivered,
        touches.is_failed,
        touches.segment_count,
        touches.cost_amount,
        touches.as_of_date
    from touches
    cross join scopes
    left join entries on touches.campaign_id = entries.campaign_id and touches.customer_key = entries.customer_key
)

select
    {{ surrogate_key(['campaign_id', 'scope', 'wave', 'arm', 'tier', 'channel']) }} as cell_key,
    scope,
    campaign_id,
    wave,
    arm,
    tier,
    channel,
    touch_id,
    person_key,
    campaign_start_date,
    sent_at,
    has_receipts,
    is_delivered,
    is_failed,
    segment_count,
    cost_amount,
    as_of_date
from scoped
