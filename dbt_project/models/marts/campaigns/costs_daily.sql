-- One row per day and type of cost up to the last business day asked for, with the field (场) it is spent in, where it is of one.
-- Trap: where the messages of a campaign are priced, their prices count, and what the costs feed says of its messages does not.
-- A message costs what it costs, also where nobody knows whom it reached. `is_told` is false where only prices of messages are
-- known: other costs are then unknown, not zero.
with costs as (
    select * from {{ ref('stg_generic__costs') }}
),

cost_types as (
    select * from {{ ref('cost_types') }}
),

last_day as (
    {{ last_asked_day() }}
),

touches as (
    select * from {{ ref('int_touches_unioned') }}
    where unit_cost is not null and cast(sent_at as date) <= (select last_day.as_of_date from last_day)
),

priced_campaigns as (
    select campaign_id from touches
    where campaign_id is not null
    group by campaign_id
),

spent as (
    select
        cost_date,
        cost_type,
        cost_amount,
        true as is_told
    from costs
    where
        cost_type <> 'touch'
        or coalesce(campaign_id, '') not in (select priced_campaigns.campaign_id from priced_campaigns)
    union all
    select
        cast(sent_at as date) as cost_date,
        'touch' as cost_type,
        coalesce(segment_count, 1) * unit_cost as cost_amount,
        false as is_told
    from touches
)

select
    spent.cost_date,
    spent.cost_type,
    cost_types.field,
    cost_types.is_of_members,
    cost_types.is_of_sales,
    bool_or(spent.is_told) as is_told,
    cast(sum(spent.cost_amount) as decimal(18, 6)) as cost_amount
from spent
inner join cost_types on spent.cost_type = cost_types.cost_type
inner join last_day on spent.cost_date <= last_day.as_of_date
group by spent.cost_date, spent.cost_type, cost_types.field, cost_types.is_of_members, cost_types.is_of_sales
