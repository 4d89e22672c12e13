-- One row per cohort month, scope (brand, platform, shop), customer group and window: who bought again, of those with the time.
-- Trap: a cohort is of the first purchase day that stands (`all`, `member`, `non_member`), or of a month's first purchase day of
-- a gift pack (`pack_buyer`), or of anything by those who bought none (`other_buyer`). Again is a later day, within the window.
-- Who entered on a day that no feed of members tells of is in neither `member` nor `non_member`, but `unknown`.
with cohort_entrants as (
    select * from {{ ref('cohort_entrants') }}
),

last_day as (
    {{ last_asked_day() }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders'
),

windows as (
    {% for days in var('repurchase_windows') -%}
    select cast({{ days }} as bigint) as window_days{{ ' union all' if not loop.last }}
    {% endfor %}
),

-- Who entered before the scope's feed of orders ended has had his time only if the feed told of all of it.
judged as (
    select
        cohort_entrants.*,
        windows.window_days,
        {{ window_is_over('cohort_entrants.paid_date', 'windows.window_days') }} as is_over,
        {{ window_is_told('cohort_entrants.paid_date', 'windows.window_days') }} as is_told,
        coalesce(cohort_entrants.days_to_next <= windows.window_days, false) as has_bought_again
    from cohort_entrants
    cross join windows
    cross join last_day
    left join scoped_feeds
        on
            cohort_entrants.platform = scoped_feeds.platform
            and cohort_entrants.shop_id = scoped_feeds.shop_id
            and {{ holds_on('cohort_entrants.paid_date', 'scoped_feeds', 'begun_date', 'ended_date') }}
),

counted as (
    select
        cohort_month,
        platform,
        shop_id,
        customer_group,
        window_days,
        cast(sum(customer_count) as bigint) as customer_count,
        cast(sum(case when is_over and is_told then customer_count else 0 end) as bigint) as observed_count,
        cast(sum(case when is_over and is_told and has_bought_again then customer_count else 0 end) as bigint)
            as repurchase_count,
        bool_or(is_over and not is_told) as lacks_orders
    from judged
    group by cohort_month, platform, shop_id, customer_group, window_days
),

divided as (
    select
        *,
        case customer_group when 'member' then 'non_member' when 'pack_buyer' then 'other_buyer' end as others_group,
        {{ ratio('repurchase_count', 'observed_count') }} as repurchase_ratio
    from counted
)

select
    divided.cohort_month,
    case when divided.platform = 'all' then 'brand' when divided.shop_id = 'all' then 'platform' else 'shop' end as scope,
    divided.platform,
    divided.shop_id,
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
    (select min(cohort_entrants.paid_date) from cohort_entrants) as history_start_date,
    case when divided.lacks_orders then 'orders of some windows are told in part' end as not_asked_reason,
    case when divided.customer_group = 'unknown' then 'members' end as missing_feeds
from divided
left join divided as others
    on
        divided.cohort_month = others.cohort_month
        and divided.platform = others.platform
        and divided.shop_id = others.shop_id
        and divided.window_days = others.window_days
        and divided.others_group = others.customer_group
