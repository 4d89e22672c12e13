-- One row per cohort month, scope (brand, platform), customer group and window: who bought again, of those who had the time to.
-- Trap: a cohort is of the first purchase day that stands (`all`, `member`, `non_member`), or of a month's first purchase day of
-- a gift pack (`pack_buyer`), or of anything by those who bought none (`other_buyer`). Again is a later day, within the window.
with orders as (
    select * from {{ ref('orders') }}
    where is_valid and not is_fully_refunded and customer_key is not null
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and not is_fully_refunded and customer_key is not null
),

packs as (
    select * from {{ ref('products') }}
    where product_role = 'gift_pack'
),

last_day as (
    select max(as_of_date) as as_of_date from {{ ref('int_days_fingerprinted') }}
),

windows as (
    {% for days in var('repurchase_windows') -%}
    select cast({{ days }} as bigint) as window_days{{ ' union all' if not loop.last }}
    {% endfor %}
),

-- A platform that is null stands for the brand.
purchase_days as (
    select
        customer_key,
        platform,
        paid_date,
        bool_or(is_member_at_order) as is_member
    from orders
    where paid_date <= (select last_day.as_of_date from last_day)
    group by grouping sets ((customer_key, paid_date), (customer_key, paid_date, platform))
),

followed as (
    select
        customer_key,
        platform,
        paid_date,
        is_member,
        cast(date_trunc('month', paid_date) as date) as cohort_month,
        lag(paid_date) over (partition by customer_key, platform order by paid_date) as previous_date,
        lead(paid_date) over (partition by customer_key, platform order by paid_date) as next_date
    from purchase_days
),

pack_days as (
    select
        order_lines.customer_key,
        order_lines.platform,
        order_lines.paid_date
    from order_lines
    inner join packs
        on order_lines.product_id = packs.product_id and packs.platform in (order_lines.platform, 'generic')
    group by grouping sets (
        (order_lines.customer_key, order_lines.paid_date),
        (order_lines.customer_key, order_lines.paid_date, order_lines.platform)
    )
),

all_pack_days as (
    select count(*) as day_count from pack_days
),

-- A later day is followed by a later one: the least next day is that of the first.
monthly_buyers as (
    select
        followed.customer_key,
        followed.platform,
        followed.cohort_month,
        count(pack_days.customer_key) > 0 as has_pack,
        min(followed.paid_date) as paid_date,
        min(followed.next_date) as next_date,
        min(case when pack_days.customer_key is not null then followed.paid_date end) as pack_date,
        min(case when pack_days.customer_key is not null then followed.next_date end) as pack_next_date
    from followed
    left join pack_days
        on
            followed.customer_key = pack_days.customer_key
            and followed.platform is not distinct from pack_days.platform
            and followed.paid_date = pack_days.paid_date
    where (select all_pack_days.day_count from all_pack_days) > 0
    group by followed.customer_key, followed.platform, followed.cohort_month
),

entrants as (
    select
        cohort_month,
        platform,
        'all' as customer_group,
        paid_date,
        {{ days_between('paid_date', 'next_date') }} as days_to_next
    from followed
    where previous_date is null
    union all
    select
        cohort_month,
        platform,
        case when is_member then 'member' else 'non_member' end as customer_group,
        paid_date,
        {{ days_between('paid_date', 'next_date') }} as days_to_next
    from followed
    where previous_date is null
    union all
    select
        cohort_month,
        platform,
        case when has_pack then 'pack_buyer' else 'other_buyer' end as customer_group,
        case when has_pack then pack_date else paid_date end as paid_date,
        case
            when has_pack then {{ days_between('pack_date', 'pack_next_date') }}
            else {{ days_between('paid_date', 'next_date') }}
        end as days_to_next
    from monthly_buyers
),

entrants_counted as (
    select
        cohort_month,
        platform,
        customer_group,
        paid_date,
        days_to_next,
        count(*) as customer_count
    from entrants
    group by cohort_month, platform, customer_group, paid_date, days_to_next
),

judged as (
    select
        entrants_counted.*,
        windows.window_days,
        {{ days_after('entrants_counted.paid_date', 'windows.window_days - 1') }} <= last_day.as_of_date as is_observed,
        coalesce(entrants_counted.days_to_next <= windows.window_days, false) as has_bought_again
    from entrants_counted
    cross join windows
    cross join last_day
),

counted as (
    select
        cohort_month,
        coalesce(platform, 'all') as platform,
        customer_group,
        window_days,
        cast(sum(customer_count) as bigint) as customer_count,
        cast(sum(case when is_observed then customer_count else 0 end) as bigint) as observed_count,
        cast(sum(case when is_observed and has_bought_again then customer_count else 0 end) as bigint) as repurchase_count
    from judged
    group by cohort_month, platform, customer_group, window_days
),

divided as (
    select
        *,
        {{ ratio('repurchase_count', 'observed_count') }} as repurchase_ratio
    from counted
)

select
    divided.cohort_month,
    case when divided.platform = 'all' then 'brand' else 'platform' end as scope,
    divided.platform,
    divided.customer_group,
    divided.window_days,
    divided.customer_count,
    divided.observed_count,
    divided.repurchase_count,
    divided.repurchase_ratio,
    others.observed_count as others_observed_count,
    others.repurchase_count as others_repurchase_count,
    others.repurchase_ratio as others_repurchase_ratio,
    {{ ratio('divided.repurchase_ratio', 'others.repurchase_ratio') }} as repurchase_multiple,
    (select min(purchase_days.paid_date) from purchase_days) as history_start_date
from divided
left join divided as others
    on
        divided.cohort_month = others.cohort_month
        and divided.platform = others.platform
        and divided.window_days = others.window_days
        and (
            (divided.customer_group = 'member' and others.customer_group = 'non_member')
            or (divided.customer_group = 'pack_buyer' and others.customer_group = 'other_buyer')
        )
