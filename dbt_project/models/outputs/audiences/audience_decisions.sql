-- One row per campaign, business day and candidate: in (with an arm), or out with the first reason.
-- Trap: `suppressed_reason` null means in; a control-group member is in and still gets no message. Priority 1 is the highest,
-- and a person who is in the highest campaign of a day is out of that day's others; a campaign that is refused takes nobody from
-- others, nor draws an arm. A grant speaks of its own channel; a
-- withdrawal also of every channel of its family (`sms` ends `douyin_sms`), and of campaigns that name none. Whoever merges with
-- a member of the control group while the experiment runs (all its waves) belongs to it, as to the universal holdout.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with due_days as (
    {{ due_days(days='int_campaign_days_fingerprinted') }}
),

audience_candidates as (
    select * from {{ ref('audience_candidates') }}
    where {{ is_in_block('as_of_date') }}
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

-- Where they are read once more, it is without this import: one that is read twice is kept in memory whole, asked or not.
order_lines as (
    select * from {{ ref('order_lines') }}
),

refunds as (
    select * from {{ ref('refunds') }}
),

touches as (
    select * from {{ ref('touches') }}
),

identifiers as (
    select * from {{ ref('customer_identifiers') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

merged_accounts as (
    select * from {{ ref('int_customers_merged') }}
),

runs as (
    select
        campaigns.*,
        min(campaigns.start_date) over (partition by campaigns.experiment_id) as experiment_start_date,
        due_days.as_of_date,
        {{ is_refused('campaigns.campaign_id', 'due_days.as_of_date') }} as is_refused
    from campaigns
    cross join due_days
),

-- What is decided by, and no more: texts join at the end, from the import.
routed as (
    select
        due_candidates.campaign_id,
        due_candidates.as_of_date,
        due_candidates.customer_key,
        due_candidates.tier,
        due_candidates.priority,
        due_candidates.expected_amount,
        runs.experiment_start_date,
        runs.experiment_id,
        runs.holdout_ratio,
        runs.daily_budget_amount,
        runs.is_refused,
        coalesce(
            due_candidates.channel,
            case when due_candidates.tier = 'high' then runs.tier_channel end,
            runs.channel,
            ''
        ) as listed_channel
    from {{ ref('audience_candidates') }} as due_candidates
    inner join runs
        on
            due_candidates.campaign_id = runs.campaign_id
            and due_candidates.as_of_date = runs.as_of_date
    where {{ is_in_block('due_candidates.as_of_date') }}
),

listed_channels as (
    select listed_channel from routed
    group by listed_channel
),

-- A channel that the list of channels does not have is one of messages, to any account.
terms as (
    select
        listed_channels.listed_channel,
        coalesce(channels.platform, '') as channel_platform,
        coalesce(channels.id_type, 'account') as id_type,
        case when channels.channel is null then 'marketing_message' else channels.consent_purpose end as consent_purpose,
        coalesce(channels.is_touch, true) as is_touch,
        coalesce(channels.minimum_size, 0) as minimum_size,
        coalesce(channels.unit_cost, 0) as unit_cost
    from listed_channels
    left join channels on listed_channels.listed_channel = channels.channel
),

candidates as (
    select
        routed.*,
        terms.consent_purpose,
        terms.is_touch,
        terms.minimum_size,
        terms.unit_cost
    from routed
    left join terms on routed.listed_channel = terms.listed_channel
),

-- Campaigns of one channel ask the same of a person.
people as (
    select
        as_of_date,
        customer_key,
        listed_channel
    from candidates
    group by as_of_date, customer_key, listed_channel
),

ways as (
    select
        people.*,
        terms.consent_purpose,
        terms.id_type,
        terms.channel_platform
    from people
    inner join terms on people.listed_channel = terms.listed_channel
),

consent_states_by_account as (
    select
        ways.as_of_date,
        ways.customer_key,
        ways.listed_channel,
        consents.account_key,
        max(case
            when
                cast(consents.granted_at as date) <= ways.as_of_date
                and (consents.channel is null or consents.channel = ways.listed_channel)
                then consents.granted_at
        end) as granted_at,
        max(case
            when
                cast(consents.withdrawn_at as date) <= ways.as_of_date
                and (
                    consents.channel is null
                    or ways.listed_channel in ('', consents.channel)
                    or ways.listed_channel like '%/_' || consents.channel escape '/'
                )
                then consents.withdrawn_at
        end) as withdrawn_at
    from ways
    inner join consents
        on
            ways.customer_key = consents.customer_key
            and ways.consent_purpose = consents.purpose
    group by ways.as_of_date, ways.customer_key, ways.listed_channel, consents.account_key
),

-- The strictest account of a person speaks for all of them.
consent_states as (
    select
        as_of_date,
        customer_key,
        listed_channel,
        max(granted_at) as granted_at,
        max(case when granted_at is null or withdrawn_at >= granted_at then withdrawn_at end) as withdrawn_at
    from consent_states_by_account
    group by as_of_date, customer_key, listed_channel
),

membership_states as (
    select
        due_days.as_of_date,
        members.customer_key,
        max(case when members.left_date is null or members.left_date > due_days.as_of_date then 1 else 0 end)
            as current_count
    from due_days
    inner join members on due_days.as_of_date >= members.joined_date
    group by due_days.as_of_date, members.customer_key
),

-- Where a person has an account, and since when; without a platform: anywhere.
people_with_accounts as (
    select
        customer_key,
        platform,
        min(coalesce(first_seen_date, cast('0001-01-01' as date))) as first_seen_date
    from accounts
    where platform is not null
    group by customer_key, platform

    union all

    select
        customer_key,
        '' as platform,
        min(coalesce(first_seen_date, cast('0001-01-01' as date))) as first_seen_date
    from accounts
    group by customer_key
),

-- On WeCom a guide writes to friends of his own: of several guides the one who added the person last.
guides as (
    select
        ways.as_of_date,
        ways.customer_key,
        ways.listed_channel,
        guide_contacts.guide_id,
        row_number() over (
            partition by ways.as_of_date, ways.customer_key, ways.listed_channel
            order by guide_contacts.added_at desc, guide_contacts.contact_key asc
        ) as recency_rank
    from ways
    inner join guide_contacts
        on
            ways.customer_key = guide_contacts.customer_key
            and {{ holds_on('ways.as_of_date', 'guide_contacts', 'added_date', 'removed_date') }}
    where ways.channel_platform = 'wecom'
),

reachable_people as (
    select
        ways.as_of_date,
        ways.customer_key,
        ways.listed_channel
    from ways
    inner join people_with_accounts
        on
            ways.customer_key = people_with_accounts.customer_key
            and ways.channel_platform = people_with_accounts.platform
            and ways.as_of_date >= people_with_accounts.first_seen_date
    where ways.id_type <> 'phone' and ways.channel_platform <> 'wecom'

    union all

    select
        as_of_date,
        customer_key,
        listed_channel
    from guides
    where recency_rank = 1

    union all

    select
        ways.as_of_date,
        ways.customer_key,
        ways.listed_channel
    from ways
    inner join identifiers
        on
            ways.customer_key = identifiers.customer_key
            and identifiers.id_type = 'phone'
            and (identifiers.valid_from is null or cast(identifiers.valid_from as date) <= ways.as_of_date)
            and (identifiers.valid_to is null or cast(identifiers.valid_to as date) > ways.as_of_date)
    where ways.id_type = 'phone'
    group by ways.as_of_date, ways.customer_key, ways.listed_channel
),

-- Few are open: grouped at once, so that the lines of these alone are looked for. By the order, which is known where the line
-- is not.
open_refunds as (
    select
        due_days.as_of_date,
        refunds.order_key
    from due_days
    inner join refunds
        on
            due_days.as_of_date >= cast(refunds.applied_at as date)
            and (refunds.resolved_at is null or due_days.as_of_date < cast(refunds.resolved_at as date))
    group by due_days.as_of_date, refunds.order_key
),

people_in_dispute as (
    select
        open_refunds.as_of_date,
        order_lines.customer_key
    from open_refunds
    inner join order_lines on open_refunds.order_key = order_lines.order_key
    where order_lines.customer_key is not null
    group by open_refunds.as_of_date, order_lines.customer_key
),

recent_buyers as (
    select
        due_days.as_of_date,
        order_lines.customer_key
    from due_days
    inner join {{ ref('order_lines') }} as order_lines
        on
            due_days.as_of_date >= order_lines.paid_date
            and order_lines.paid_date > {{ days_before('due_days.as_of_date', var('quiet_days_after_purchase')) }}
    where order_lines.is_valid and order_lines.customer_key is not null
    group by due_days.as_of_date, order_lines.customer_key
),

recent_touches as (
    select
        due_days.as_of_date,
        touches.customer_key,
        sum(case when touches.sent_date > {{ days_before('due_days.as_of_date', 3) }} then 1 else 0 end) as count_3d,
        sum(case when touches.sent_date > {{ days_before('due_days.as_of_date', 7) }} then 1 else 0 end) as count_7d,
        count(*) as count_30d
    from due_days
    inner join touches
        on
            due_days.as_of_date >= touches.sent_date
            and touches.sent_date > {{ days_before('due_days.as_of_date', 30) }}
    where touches.customer_key is not null and touches.touch_status <> 'failed'
    group by due_days.as_of_date, touches.customer_key
),

-- Who merged while the experiment runs: the draws of all his accounts, of which the strictest counts.
merged_draws as (
    select
        candidates.campaign_id,
        candidates.as_of_date,
        candidates.customer_key,
        min({{ arm_draw('candidates.experiment_id', 'merged_accounts.account_key') }}) as arm_draw,
        max({{ arm_draw('candidates.experiment_id', 'merged_accounts.account_key') }}) as highest_draw
    from candidates
    inner join merged_accounts
        on
            candidates.customer_key = merged_accounts.customer_key
            and merged_accounts.merged_date between candidates.experiment_start_date and candidates.as_of_date
    group by candidates.campaign_id, candidates.as_of_date, candidates.customer_key
),

-- Whoever merges with somebody who is held out is so himself, from then on.
held_out_mergers as (
    select
        customer_key,
        min(merged_date) as merged_date
    from merged_accounts
    where {{ arm_draw("'universal holdout'", 'account_key') }} < {{ var('universal_holdout_ratio') }} * 1000000
    group by customer_key
),

judged as (
    select
        candidates.campaign_id,
        candidates.as_of_date,
        candidates.customer_key,
        candidates.tier,
        candidates.priority,
        candidates.expected_amount,
        candidates.experiment_id,
        candidates.holdout_ratio,
        candidates.daily_budget_amount,
        candidates.listed_channel,
        candidates.is_touch,
        candidates.minimum_size,
        candidates.unit_cost,
        merged_draws.arm_draw as merged_draw,
        merged_draws.highest_draw,
        case
            when candidates.is_refused then 'campaign_refused'
            when candidates.consent_purpose is not null and consent_states.granted_at is null then 'no_consent'
            when candidates.consent_purpose is not null and consent_states.withdrawn_at is not null then 'opted_out'
            when candidates.is_touch and membership_states.current_count = 0 then 'left_programme'
            when reachable_people.customer_key is null then 'unreachable'
            when
                candidates.is_touch
                and (
                    recent_touches.count_3d >= {{ var('touch_cap_3d') }}
                    or recent_touches.count_7d >= {{ var('touch_cap_7d') }}
                    or recent_touches.count_30d >= {{ var('touch_cap_30d') }}
                )
                then 'touched_recently'
            when candidates.is_touch and people_in_dispute.customer_key is not null then 'open_refund'
            when candidates.is_touch and recent_buyers.customer_key is not null then 'bought_recently'
            {%- if var('universal_holdout_ratio') | float > 0 %}
            when
                candidates.is_touch
                and (
                    {{ arm_draw("'universal holdout'", 'candidates.customer_key') }}
                    < {{ var('universal_holdout_ratio') }} * 1000000
                    or held_out_mergers.customer_key is not null
                )
                then 'universal_holdout'
            {%- endif %}
        end as personal_reason
    from candidates
    left join consent_states
        on
            candidates.as_of_date = consent_states.as_of_date
            and candidates.customer_key = consent_states.customer_key
            and candidates.listed_channel = consent_states.listed_channel
    left join membership_states
        on
            candidates.as_of_date = membership_states.as_of_date
            and candidates.customer_key = membership_states.customer_key
    left join reachable_people
        on
            candidates.as_of_date = reachable_people.as_of_date
            and candidates.customer_key = reachable_people.customer_key
            and candidates.listed_channel = reachable_people.listed_channel
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
    left join merged_draws
        on
            candidates.campaign_id = merged_draws.campaign_id
            and candidates.as_of_date = merged_draws.as_of_date
            and candidates.customer_key = merged_draws.customer_key
    left join held_out_mergers
        on
            candidates.customer_key = held_out_mergers.customer_key
            and candidates.as_of_date >= held_out_mergers.merged_date
),

-- A draw costs more than all else that is asked: nobody is drawn who is out anyway.
drawn as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        tier,
        priority,
        expected_amount,
        daily_budget_amount,
        listed_channel,
        is_touch,
        minimum_size,
        unit_cost,
        personal_reason,
        holdout_ratio * 1000000 as held_out,
        highest_draw,
        coalesce(
            merged_draw,
            case when personal_reason is null then {{ arm_draw('experiment_id', 'customer_key') }} end
        ) as arm_draw
    from judged
),

list_sizes as (
    select
        campaign_id,
        as_of_date,
        listed_channel,
        sum(case when personal_reason is null and arm_draw >= held_out then 1 else 0 end) as list_size
    from drawn
    group by campaign_id, as_of_date, listed_channel
),

admissible as (
    select
        drawn.*,
        drawn.arm_draw < drawn.held_out as is_control,
        case
            when drawn.personal_reason is null and list_sizes.list_size < drawn.minimum_size then 'below_minimum_size'
            else drawn.personal_reason
        end as own_reason
    from drawn
    inner join list_sizes
        on
            drawn.campaign_id = list_sizes.campaign_id
            and drawn.as_of_date = list_sizes.as_of_date
            and drawn.listed_channel = list_sizes.listed_channel
),

-- A campaign's money goes to the high tier and the largest amounts first. The draw is one of its own, so that the money ends at
-- the same place for both arms.
budgeted as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        daily_budget_amount,
        sum(case when not is_control then unit_cost else 0 end) over (
            partition by campaign_id, as_of_date
            order by
                case when tier = 'high' then 0 else 1 end asc,
                coalesce(expected_amount, 0) desc,
                {{ arm_draw("campaign_id || ' budget'", 'customer_key') }} asc,
                customer_key asc
            rows between unbounded preceding and current row
        ) as spent_amount
    from admissible
    where own_reason is null and daily_budget_amount is not null
),

afforded as (
    select
        admissible.*,
        coalesce(
            admissible.own_reason, case when budgeted.spent_amount > budgeted.daily_budget_amount then 'over_budget' end
        ) as reason_to_stay_out
    from admissible
    left join budgeted
        on
            admissible.campaign_id = budgeted.campaign_id
            and admissible.as_of_date = budgeted.as_of_date
            and admissible.customer_key = budgeted.customer_key
),

-- Messages compete for a person; what is none does not: of several notes for a parcel `audience_parcel_notes` makes one.
ranked as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        priority,
        listed_channel,
        is_touch,
        is_control,
        minimum_size,
        row_number() over (
            partition by as_of_date, customer_key, case when is_touch then '' else campaign_id end
            order by priority asc, campaign_id asc
        ) as place
    from afforded
    where reason_to_stay_out is null
),

-- A list that is too small without those whom higher campaigns have goes to nobody, and its people are free again.
short_lists as (
    select
        campaign_id,
        as_of_date,
        listed_channel
    from ranked
    where minimum_size > 0
    group by campaign_id, as_of_date, listed_channel
    having sum(case when place = 1 and not is_control then 1 else 0 end) < max(minimum_size)
),

placed as (
    select
        ranked.campaign_id,
        ranked.as_of_date,
        ranked.customer_key,
        short_lists.campaign_id is not null as is_of_short_list,
        row_number() over (
            partition by
                ranked.as_of_date,
                ranked.customer_key,
                case when ranked.is_touch and short_lists.campaign_id is null then '' else ranked.campaign_id end
            order by ranked.priority asc, ranked.campaign_id asc
        ) as place
    from ranked
    left join short_lists
        on
            ranked.campaign_id = short_lists.campaign_id
            and ranked.as_of_date = short_lists.as_of_date
            and ranked.listed_channel = short_lists.listed_channel
),

decided as (
    select
        afforded.*,
        case
            when afforded.reason_to_stay_out is not null then afforded.reason_to_stay_out
            when placed.is_of_short_list then 'below_minimum_size'
            when placed.place > 1 then 'in_higher_priority_campaign'
        end as suppressed_reason
    from afforded
    left join placed
        on
            afforded.campaign_id = placed.campaign_id
            and afforded.as_of_date = placed.as_of_date
            and afforded.customer_key = placed.customer_key
)

select
    decided.campaign_id,
    decided.as_of_date,
    decided.customer_key,
    audience_candidates.template,
    decided.tier,
    audience_candidates.reason,
    decided.suppressed_reason,
    case
        when decided.suppressed_reason is not null then null
        when decided.is_control then 'control'
        else 'treatment'
    end as arm,
    audience_candidates.recommended_product_id,
    decided.priority,
    nullif(decided.listed_channel, '') as channel,
    audience_candidates.segment,
    audience_candidates.variant,
    coalesce(audience_candidates.guide_id, guides.guide_id) as guide_id,
    audience_candidates.order_id,
    audience_candidates.remark,
    audience_candidates.expected_response_ratio,
    decided.expected_amount,
    decided.is_touch,
    coalesce(decided.is_control and decided.highest_draw >= decided.held_out, false) as is_contaminated
from decided
inner join audience_candidates
    on
        decided.campaign_id = audience_candidates.campaign_id
        and decided.as_of_date = audience_candidates.as_of_date
        and decided.customer_key = audience_candidates.customer_key
left join guides
    on
        decided.as_of_date = guides.as_of_date
        and decided.customer_key = guides.customer_key
        and decided.listed_channel = guides.listed_channel
        and guides.recency_rank = 1
