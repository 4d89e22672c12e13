-- One row per campaign and type of cost, summed up to the last business day asked for.
-- Trap: `touch` is what messages cost altogether; where the messages themselves are priced, their prices count instead. Goods and
-- freight come with what is sold and are not here.
with costs as (
    select * from {{ ref('stg_generic__costs') }}
),

cost_types as (
    select * from {{ ref('cost_types') }}
    where not is_of_sales
),

last_days as (
    {{ last_asked_day() }}
)

select
    costs.campaign_id,
    costs.cost_type,
    cast(sum(costs.cost_amount) as decimal(18, 2)) as cost_amount
from costs
inner join cost_types on costs.cost_type = cost_types.cost_type
cross join last_days
where costs.campaign_id is not null and costs.cost_date <= last_days.as_of_date
group by costs.campaign_id, costs.cost_type
