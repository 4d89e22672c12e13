-- One row per campaign, business day and customer who holds a card of a shop in town and is in no programme of a platform.
-- Trap: the value is what was bought in town (orders of platform `pos`): where a brand delivers none, every tier is standard.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('offline_recognition') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
),

offline_members as (
    select * from {{ ref('offline_members') }}
),

customer_accounts as (
    select * from {{ ref('customer_accounts') }}
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

stores_of_campaigns as (
    select
        campaign_id,
        value as store_id
    from campaign_values
    where parameter = 'store_ids'
),

card_holders as (
    select
        runs.*,
        offline_members.customer_key,
        offline_members.store_id,
        cast(offline_members.joined_at as date) as card_date,
        row_number() over (
            partition by runs.campaign_id, runs.as_of_date, offline_members.customer_key
            order by offline_members.joined_at asc, offline_members.account_key asc
        ) as age_rank
    from runs
    inner join offline_members on runs.as_of_date >= cast(offline_members.joined_at as date)
    left join stores_of_campaigns as named
        on
            runs.campaign_id = named.campaign_id
            and offline_members.store_id = named.store_id
    where
        offline_members.has_phone
        and (
            named.store_id is not null
            or runs.campaign_id not in (select stores_of_campaigns.campaign_id from stores_of_campaigns)
        )
),

strangers as (
    select *
    from card_holders
    where
        age_rank = 1
        and not exists (
            select 1
            from members
            where
                members.customer_key = card_holders.customer_key
                and members.platform <> 'pos'
                and {{ holds_on('card_holders.as_of_date', 'members', 'joined_date', 'left_date') }}
        )
),

recognised as (
    select
        strangers.campaign_id,
        strangers.as_of_date,
        strangers.customer_key
    from strangers
    inner join customer_accounts
        on
            strangers.customer_key = customer_accounts.customer_key
            and (customer_accounts.first_seen_date is null or customer_accounts.first_seen_date <= strangers.as_of_date)
    where customer_accounts.platform in ('douyin', 'tmall', 'jd')
    group by strangers.campaign_id, strangers.as_of_date, strangers.customer_key
),

lines_in_town as (
    select
        strangers.campaign_id,
        strangers.as_of_date,
        strangers.customer_key,
        order_lines.order_line_key,
        order_lines.paid_amount
    from strangers
    inner join order_lines
        on
            strangers.customer_key = order_lines.customer_key
            and strangers.as_of_date >= order_lines.paid_date
            and order_lines.paid_date > {{ days_before('strangers.as_of_date', var('rfm_window_days')) }}
    where order_lines.platform = 'pos' and order_lines.is_valid
),

amounts_in_town as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        paid_amount as amount
    from lines_in_town

    union all

    select
        lines_in_town.campaign_id,
        lines_in_town.as_of_date,
        lines_in_town.customer_key,
        -refunds.counted_amount as amount
    from lines_in_town
    inner join refunds
        on
            lines_in_town.order_line_key = refunds.order_line_key
            and lines_in_town.as_of_date >= refunds.refunded_date
    where refunds.counted_amount > 0
),

values_in_town as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        sum(amount) as net_amount
    from amounts_in_town
    group by campaign_id, as_of_date, customer_key
)

select
    strangers.campaign_id,
    strangers.as_of_date,
    strangers.customer_key,
    strangers.template,
    case when coalesce(values_in_town.net_amount, 0) >= strangers.tier_amount then 'high' else 'standard' end as tier,
    'card of ' || cast(strangers.card_date as varchar)
    || coalesce(' from store ' || strangers.store_id, '') || ', in no programme of a platform' as reason,
    cast(null as varchar) as recommended_product_id,
    strangers.priority,
    case when recognised.customer_key is not null then 'recognised' else 'not_recognised' end as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from strangers
left join recognised
    on
        strangers.campaign_id = recognised.campaign_id
        and strangers.as_of_date = recognised.as_of_date
        and strangers.customer_key = recognised.customer_key
left join values_in_town
    on
        strangers.campaign_id = values_in_town.campaign_id
        and strangers.as_of_date = values_in_town.as_of_date
        and strangers.customer_key = values_in_town.customer_key
