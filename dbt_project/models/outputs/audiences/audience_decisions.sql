-- One row per campaign, business day and candidate: in (with an arm), or out with the first reason.
-- Trap: `suppressed_reason` null means in; a control-group member is in and still gets no message. Priority 1 is the highest,
-- and a person who is in the highest campaign of a day is out of that day's others. A grant speaks of its own channel; a
-- withdrawal also of every channel of its family (`sms` ends `douyin_sms`), and of campaigns that name none.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

new_members_without_purchase as (
    select * from {{ ref('audience__new_members_without_purchase') }}
),

sample_to_full_size as (
    select * from {{ ref('audience__sample_to_full_size') }}
),

campaigns as (
    select * from {{ ref('campaigns') }}
),

channels as (
    select * from {{ ref('channels') }}
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

consents as (
    select * from {{ ref('consents') }}
),

members as (
    select * from {{ ref('members') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

refunds as (
    select * from {{ ref('refunds') }}
),

touches as (
    select * from {{ ref('touches') }}
),

proposed as (
    select * from new_members_without_purchase
    union all
    select * from sample_to_full_size
),

candidates as (
    select
        proposed.campaign_id,
        proposed.as_of_date,
        proposed.customer_key,
        proposed.template,
        proposed.tier,
        proposed.reason,
        proposed.recommended_product_id,
        proposed.priority,
        campaigns.channel,
        campaigns.holdout_ratio,
        channels.platform as channel_platform
    from proposed
    inner join due_days on proposed.as_of_date = due_days.as_of_date
    inner join campaigns on proposed.campaign_id = campaigns.campaign_id
    left join channels on campaigns.channel = channels.channel
),

people as (
    select
        as_of_date,
        customer_key
    from candidates
    group by as_of_date, customer_key
),

consent_states_by_account as (
    select
        candidates.campaign_id,
        candidates.as_of_date,
        candidates.customer_key,
        consents.account_key,
        max(case
            when
                cast(consents.granted_at as date) <= candidates.as_of_date
                and (consents.channel is null or consents.channel = candidates.channel)
                then consents.granted_at
        end) as granted_at,
        max(case
            when
                cast(consents.withdrawn_at as date) <= candidates.as_of_date
                and (
                    consents.channel is null
                    or candidates.channel is null
                    or candidates.channel = consents.channel
                    or candidates.channel like '%/_' || consents.channel escape '/'
                )
                then consents.withdrawn_at
        end) as withdrawn_at
    from candidates
    inner join consents
        on
            candidates.customer_key = consents.customer_key
            and consents.purpose = 'marketing_message'
    group by candidates.campaign_id, candidates.as_of_date, candidates.customer_key, consents.account_key
),

-- The strictest account of a person speaks for all of them.
consent_states as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        max(granted_at) as granted_at,
        max(case when granted_at is null or withdrawn_at >= granted_at then withdrawn_at end) as withdrawn_at
    from consent_states_by_account
    group by campaign_id, as_of_date, customer_key
),

membership_states as (
    select
        people.as_of_date,
        people.customer_key,
        max(case when members.left_date is null or members.left_date > people.as_of_date then 1 else 0 end)
            as current_count
    from people
    inner join members
        on
            people.customer_key = members.customer_key
            and members.joined_date <= people.as_of_date
    group by people.as_of_date, people.customer_key
),

reachable_people as (
    select
        candidates.campaign_id,
        candidates.as_of_date,
        candidates.customer_key
    from candidates
    inner join accounts
        on
            candidates.customer_key = accounts.customer_key
            and (candidates.channel_platform is null or candidates.channel_platform = accounts.platform)
    group by candidates.campaign_id, candidates.as_of_date, candidates.customer_key
),

people_in_dispute as (
    select
        people.as_of_date,
        people.customer_key
    from people
    inner join order_lines on people.customer_key = order_lines.customer_key
    inner join refunds
        on
            order_lines.order_line_key = refunds.order_line_key
            and cast(refunds.applied_at as date) <= people.as_of_date
            and (refunds.resolved_at is null or cast(refunds.resolved_at as date) > people.as_of_date)
    group by people.as_of_date, people.customer_key
),

recent_buyers as (
    select
        people.as_of_date,
        people.customer_key
    from people
    inner join order_lines
        on
            people.customer_key = order_lines.customer_key
            and order_lines.paid_date <= people.as_of_date
            and order_lines.paid_date
            > {{ days_before('people.as_of_date', var('quiet_days_after_purchase')) }}
    where order_lines.is_valid
    group by people.as_of_date, people.customer_key
),

recent_touches as (
    select
        people.as_of_date,
        people.customer_key,
        sum(case when touches.sent_date > {{ days_before('people.as_of_date', 3) }} then 1 else 0 end) as count_3d,
        sum(case when touches.sent_date > {{ days_before('people.as_of_date', 7) }} then 1 else 0 end) as count_7d,
        count(*) as count_30d
    from people
    inner join touches
        on
            people.customer_key = touches.customer_key
            and touches.sent_date <= people.as_of_date
            and touches.sent_date > {{ days_before('people.as_of_date', 30) }}
            and touches.touch_status <> 'failed'
    group by people.as_of_date, people.customer_key
),

judged as (
    select
        candidates.*,
        case
            when consent_states.granted_at is null then 'no_consent'
            when consent_states.withdrawn_at is not null then 'opted_out'
            when membership_states.current_count = 0 then 'left_programme'
            when reachable_people.customer_key is null then 'unreachable'
            when people_in_dispute.customer_key is not null then 'open_refund'
            when recent_buyers.customer_key is not null then 'bought_recently'
            when
                recent_touches.count_3d >= {{ var('touch_cap_3d') }}
                or recent_touches.count_7d >= {{ var('touch_cap_7d') }}
                or recent_touches.count_30d >= {{ var('touch_cap_30d') }}
                then 'touched_recently'
        end as own_reason
    from candidates
    left join consent_states
        on
            candidates.campaign_id = consent_states.campaign_id
            and candidates.as_of_date = consent_states.as_of_date
            and candidates.customer_key = consent_states.customer_key
    left join membership_states
        on
            candidates.as_of_date = membership_states.as_of_date
            and candidates.customer_key = membership_states.customer_key
    left join reachable_people
        on
            candidates.campaign_id = reachable_people.campaign_id
            and candidates.as_of_date = reachable_people.as_of_date
            and candidates.customer_key = reachable_people.customer_key
    left join people_in_dispute
        on
            candidates.as_of_date = people_in_dispute.as_of_date
            and candidates.customer_key = people_in_dispute.customer_key
    left join recent_buyers
        on
            candidates.as_of_date = recent_buyers.as_of_date
            and candidates.customer_key = recent_buyers.customer_key
    left join recent_touches
        on
            candidates.as_of_date = recent_touches.as_of_date
            and candidates.customer_key = recent_touches.customer_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by as_of_date, customer_key, (own_reason is null)
            order by priority asc, campaign_id asc
        ) as campaign_rank,
        {{ surrogate_key(["'" ~ var('holdout_salt') ~ "'", 'campaign_id', 'customer_key']) }} % 1000000 as arm_draw
    from judged
),

decided as (
    select
        *,
        case
            when own_reason is not null then own_reason
            when campaign_rank > 1 then 'in_higher_priority_campaign'
        end as suppressed_reason
    from ranked
)

select
    campaign_id,
    as_of_date,
    customer_key,
    template,
    tier,
    reason,
    suppressed_reason,
    case
        when suppressed_reason is not null then null
        when arm_draw < holdout_ratio * 1000000 then 'control'
        else 'treatment'
    end as arm,
    recommended_product_id,
    priority,
    channel
from decided
