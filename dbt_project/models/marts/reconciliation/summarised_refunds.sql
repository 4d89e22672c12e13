-- One row per platform, shop and business day of which a summary was delivered: our refunds, and those we count otherwise.
-- Trap: columns by pay day leave out what came back after the summary's export; `_refund_time` columns are of the day itself.
-- Not counted are refunds of lines that are not valid, of lines unknown to us, and what goes beyond the price.
with shop_summaries as (
    select * from {{ ref('shop_summaries') }}
),

refunds as (
    select
        *,
        refund_amount - case when is_of_valid_line then counted_amount else 0 end as uncounted_amount
    from {{ ref('refunds') }}
),

told_refunds as (
    select
        platform,
        shop_id,
        max(cast(applied_at as date)) as last_date
    from refunds
    group by platform, shop_id
),

by_pay_day as (
    select
        shop_summaries.platform,
        shop_summaries.shop_id,
        shop_summaries.business_date,
        sum(
            case
                when refunds.is_of_valid_line and refunds.refunded_date > shop_summaries.exported_date
                    then refunds.counted_amount
            end
        ) as later_refunded_amount,
        sum(case when refunds.refunded_date <= shop_summaries.exported_date then refunds.uncounted_amount end)
            as uncounted_refunded_amount
    from shop_summaries
    inner join refunds
        on
            shop_summaries.platform = refunds.platform
            and shop_summaries.shop_id = refunds.shop_id
            and shop_summaries.business_date = refunds.paid_date
    where refunds.is_successful
    group by shop_summaries.platform, shop_summaries.shop_id, shop_summaries.business_date
),

by_refund_day as (
    select
        platform,
        shop_id,
        refunded_date,
        sum(case when is_of_valid_line then counted_amount end) as refunded_amount,
        sum(uncounted_amount) as uncounted_refunded_amount
    from refunds
    where is_successful
    group by platform, shop_id, refunded_date
)

select
    shop_summaries.platform,
    shop_summaries.shop_id,
    shop_summaries.business_date,
    coalesce(shop_summaries.business_date <= told_refunds.last_date, false) as has_refunds,
    cast(coalesce(by_pay_day.later_refunded_amount, 0) as decimal(18, 2)) as later_refunded_amount,
    cast(coalesce(by_pay_day.uncounted_refunded_amount, 0) as decimal(18, 2)) as uncounted_refunded_amount,
    cast(coalesce(by_refund_day.refunded_amount, 0) as decimal(18, 2)) as refunded_amount_refund_time,
    cast(coalesce(by_refund_day.uncounted_refunded_amount, 0) as decimal(18, 2)) as uncounted_refunded_amount_refund_time
from shop_summaries
left join told_refunds
    on shop_summaries.platform = told_refunds.platform and shop_summaries.shop_id = told_refunds.shop_id
left join by_pay_day
    on
        shop_summaries.platform = by_pay_day.platform
        and shop_summaries.shop_id = by_pay_day.shop_id
        and shop_summaries.business_date = by_pay_day.business_date
left join by_refund_day
    on
        shop_summaries.platform = by_refund_day.platform
        and shop_summaries.shop_id = by_refund_day.shop_id
        and shop_summaries.business_date = by_refund_day.refunded_date
