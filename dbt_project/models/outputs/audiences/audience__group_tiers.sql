-- One row per campaign, business day and customer who is in a group.
-- Trap: a customer of several groups stands here once, with the group joined last.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('group_tiers') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
),

group_memberships as (
    select * from {{ ref('group_memberships') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

groups_of_campaigns as (
    select
        campaign_id,
        value as group_id
    from campaign_values
    where parameter = 'group_ids'
),

group_stays as (
    select
        runs.*,
        group_memberships.customer_key,
        group_memberships.group_id,
        group_memberships.joined_date,
        row_number() over (
            partition by runs.campaign_id, runs.as_of_date, group_memberships.customer_key
            order by group_memberships.joined_at desc, group_memberships.stay_key asc
        ) as recency_rank
    from runs
    inner join group_memberships
        on
            {{ holds_on('runs.as_of_date', 'group_memberships', 'joined_date', 'left_date') }}
    left join groups_of_campaigns as named
        on
            runs.campaign_id = named.campaign_id
            and group_memberships.group_id = named.group_id
    where
        group_memberships.customer_key is not null
        and (
            named.group_id is not null
            or runs.campaign_id not in (select groups_of_campaigns.campaign_id from groups_of_campaigns)
        )
),

valued as (
    select
        group_stays.*,
        coalesce(customer_rfm_periods.net_amount, 0) >= group_stays.tier_amount as is_high
    from group_stays
    left join customer_rfm_periods on {{ figures_of('group_stays') }}
    where group_stays.recency_rank = 1
)

select
    campaign_id,
    as_of_date,
    customer_key,
    template,
    case when is_high then 'high' else 'standard' end as tier,
    'in group ' || group_id || ' since ' || cast(joined_date as varchar) as reason,
    cast(null as varchar) as recommended_product_id,
    priority,
    case when is_high then 'vip_group' else 'sampling_group' end as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from valued
