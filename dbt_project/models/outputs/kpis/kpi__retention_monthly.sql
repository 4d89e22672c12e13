-- One row per month and scope (brand, platform, shop): customers who were lost, and buyers who came to a category new to them.
-- Trap: who was active when the month began is lost when as many days have gone without a purchase that stands as the slowest
-- category of his last purchases allows (`category_intervals`, as known now); he may come back. Null while the month lasts, and
-- where orders of the scope are not told; a customer of several shops is lost to each by itself.
with movements as (
    select * from {{ ref('retention_movements') }}
),

products as (
    select * from {{ ref('products') }}
    where category is not null
),

months as (
    {{ known_months() }}
),

sold_months as (
    {{ sold_months() }}
),

scopes as (
    select
        platform,
        shop_id
    from movements
    group by platform, shop_id
),

-- Who is in a state when a month begins came into it in an earlier one; who leaves it in the month is not in it at its end.
told_apart as (
    select
        months.month_start,
        movements.platform,
        movements.shop_id,
        movements.measure,
        movements.customer_count,
        movements.from_month < months.month_start and movements.to_month >= months.month_start as is_in_at_start,
        movements.from_month < months.month_start and movements.to_month = months.month_start as is_leaving,
        movements.to_month > months.month_start as is_in_at_end
    from months
    inner join movements on months.month_start >= movements.from_month
),

counted as (
    select
        month_start,
        platform,
        shop_id,
        sum(case when measure = 'active' and is_in_at_start then customer_count else 0 end) as active_count,
        sum(case when measure = 'active' and is_leaving then customer_count else 0 end) as lost_count,
        sum(case when measure = 'repeating' and is_in_at_end then customer_count else 0 end) as repeat_buyer_count,
        sum(case when measure = 'crossing' and is_in_at_end then customer_count else 0 end) as cross_category_count
    from told_apart
    group by month_start, platform, shop_id
),

feeds as (
    select count(*) > 0 as has_categories from products
),

-- Known of a month that is over and of which orders are told; what asks for categories, where any are known.
told as (
    select
        months.month_start,
        scopes.platform,
        scopes.shop_id,
        months.is_complete,
        feeds.has_categories,
        {%- for figure in ['active', 'lost'] %}
        case when months.is_complete and sold_months.month_start is not null then coalesce(counted.{{ figure }}_count, 0) end
            as {{ figure }}_count,
        {%- endfor %}
        {%- for figure in ['repeat_buyer', 'cross_category'] %}
        case
            when months.is_complete and sold_months.month_start is not null and feeds.has_categories
                then coalesce(counted.{{ figure }}_count, 0)
        end as {{ figure }}_count,
        {%- endfor %}
        sold_months.month_start is not null as has_orders
    from months
    cross join scopes
    cross join feeds
    left join counted
        on
            months.month_start = counted.month_start
            and scopes.platform = counted.platform
            and scopes.shop_id = counted.shop_id
    left join sold_months
        on
            months.month_start = sold_months.month_start
            and scopes.platform = sold_months.platform
            and scopes.shop_id = sold_months.shop_id
)

select
    month_start,
    case when platform = 'all' then 'brand' when shop_id = 'all' then 'platform' else 'shop' end as scope,
    platform,
    shop_id,
    is_complete,
    cast(active_count as bigint) as active_count,
    cast(lost_count as bigint) as lost_count,
    {{ ratio('lost_count', 'active_count') }} as lost_ratio,
    cast(repeat_buyer_count as bigint) as repeat_buyer_count,
    cast(cross_category_count as bigint) as cross_category_count,
    {{ ratio('cross_category_count', 'repeat_buyer_count') }} as cross_category_ratio,
    {{ missing_feeds({'orders': 'is_complete and not has_orders', 'product categories': 'not has_categories'}) }} as missing_feeds
from told
