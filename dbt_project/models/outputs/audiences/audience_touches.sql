-- One row per message of a campaign, person it was sent to, and row of the reports it counts in: campaign, wave, cell, and where
-- the campaign's lists name any the segment, the influencer and the guide.
-- Trap: every message is here several times, choose one `scope`; `all` stands for what it does not tell apart. Who was drawn
-- into the control group stays in it, whatever the message says; a variant that was drawn is the arm; what nobody states is
-- `unknown`. A person's list is the last one before the day of the message, else that of the day itself.
{%- set listed = {'segment': 'segment', 'influencer': 'influencer_id', 'guide': 'guide_id'} %}
with touches as (
    select * from {{ ref('campaign_touches') }}
),

entries as (
    select * from {{ ref('audience_entries') }}
),

members as (
    select * from {{ ref('audience_members') }}
),

last_lists as (
    select
        touches.campaign_id,
        touches.touch_id,
        touches.person_key,
        touches.customer_key,
        coalesce(
            max(case when members.as_of_date < cast(touches.sent_at as date) then members.as_of_date end),
            max(members.as_of_date)
        ) as as_of_date
    from touches
    inner join members
        on
            touches.campaign_id = members.campaign_id
            and touches.customer_key = members.customer_key
            and cast(touches.sent_at as date) >= members.as_of_date
    group by touches.campaign_id, touches.touch_id, touches.person_key, touches.customer_key
),

parts as (
    {%- for scope, column in listed.items() %}
    select
        '{{ scope }}' as scope,
        last_lists.campaign_id,
        last_lists.touch_id,
        last_lists.person_key,
        members.{{ column }} as part
    from last_lists
    inner join members
        on
            last_lists.campaign_id = members.campaign_id
            and last_lists.customer_key = members.customer_key
            and last_lists.as_of_date = members.as_of_date
    where members.{{ column }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

scopes as (
    {%- for scope in ['campaign', 'wave', 'cell'] %}
    select
        '{{ scope }}' as scope,
        {{ loop.index }} as depth,
        campaign_id
    from touches
    group by campaign_id
    union all
    {%- endfor %}
    {%- for scope, column in listed.items() %}
    select
        '{{ scope }}' as scope,
        1 as depth,
        campaign_id
    from members
    where {{ column }} is not null
    group by campaign_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

scoped as (
    select
        scopes.scope,
        touches.*,
        case when scopes.depth > 1 then coalesce(touches.wave, 'unknown') else 'all' end as told_wave,
        case
            when scopes.depth < 3 then 'all'
            when entries.arm = 'control' then 'control'
            else coalesce(nullif(entries.variant, 'none'), touches.arm, entries.arm, 'unknown')
        end as told_arm,
        case when scopes.depth = 3 then coalesce(entries.tier, 'unknown') else 'all' end as told_tier,
        case when scopes.depth = 3 then coalesce(touches.channel, 'unknown') else 'all' end as told_channel,
        case
            when scopes.scope not in ('campaign', 'wave', 'cell') then coalesce(parts.part, 'unknown')
            else 'all'
        end as part
    from touches
    inner join scopes on touches.campaign_id = scopes.campaign_id
    left join entries on touches.campaign_id = entries.campaign_id and touches.customer_key = entries.customer_key
    left join parts
        on touches.touch_id = parts.touch_id and touches.person_key = parts.person_key and scopes.scope = parts.scope
)

select
    {{ surrogate_key(['campaign_id', 'scope', 'told_wave', 'told_arm', 'told_tier', 'told_channel', 'part']) }} as cell_key,
    scope,
    campaign_id,
    told_wave as wave,
    told_arm as arm,
    told_tier as tier,
    told_channel as channel,
    part,
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
