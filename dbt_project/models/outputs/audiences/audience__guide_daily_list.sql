-- One row per campaign, business day and customer for whom a contact of a guide is due.
-- Trap: a customer of several guides is of the one who added him last; each guide gets but the most valuable of the day.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('guide_daily_list') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

contacts as (
    select
        runs.*,
        guide_contacts.customer_key,
        guide_contacts.guide_id,
        row_number() over (
            partition by runs.campaign_id, runs.as_of_date, guide_contacts.customer_key
            order by guide_contacts.added_at desc, guide_contacts.contact_key asc
        ) as recency_rank
    from runs
    inner join guide_contacts
        on
            {{ holds_on('runs.as_of_date', 'guide_contacts', 'added_date', 'removed_date') }}
    where guide_contacts.customer_key is not null
),

valued as (
    select
        contacts.*,
        customer_rfm_periods.last_paid_date,
        customer_rfm_periods.net_amount,
        customer_rfm_periods.net_amount >= contacts.tier_amount as is_high,
        {{ days_between('customer_rfm_periods.last_paid_date', 'contacts.as_of_date') }} as silence_days
    from contacts
    inner join customer_rfm_periods on {{ figures_of('contacts') }}
    where contacts.recency_rank = 1
),

due as (
    select
        *,
        case
            when silence_days between min_days and max_days then 'repurchase_due'
            when is_high and silence_days >= silent_days then 'sleeping_vip'
        end as segment
    from valued
),

ranked as (
    select
        *,
        row_number() over (
            partition by campaign_id, as_of_date, guide_id
            order by case segment when 'repurchase_due' then 1 else 2 end asc, net_amount desc, customer_key asc
        ) as guide_rank
    from due
    where segment is not null
)

select
    campaign_id,
    as_of_date,
    customer_key,
    template,
    case when is_high then 'high' else 'standard' end as tier,
    case segment when 'repurchase_due' then 'repurchase due' else 'sleeping VIP' end
    || ', last purchase on ' || cast(last_paid_date as varchar) as reason,
    cast(null as varchar) as recommended_product_id,
    priority,
    segment,
    cast(null as varchar) as variant,
    'guide' as channel,
    guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from ranked
where guide_rank <= top_count
