-- One row per anchor's shift, and per day, shop and live account one without a shift: its live sales outside all of them.
-- Trap: a shift past midnight is whole on the day of its start: an account's rows sum to its live sales, those of a day need not.
-- Pending is what has no 流量体裁 yet, which the platform tells the next day: neither live nor not, and in no other figure.
-- What a shift sold on a day of which no orders of the shop are told is null; so are refunds where none of the platform are told
-- or known.
{%- set account = 'coalesce(shifts.influencer_key, sales.influencer_key)' %}
{%- set shop = 'coalesce(shifts.shop_id, sales.shop_id)' %}
{%- set told_no_shift -%}
    shifts.shift_key is null
        and not coalesce(
            sales.unassigned_date >= min(shifts.shift_date) over (partition by {{ shop }}, {{ account }}), false
        )
{%- endset %}
{%- set is_told = '(coalesce(scoped_feeds.feed, sales.shop_id) is not null)' %}
{%- set told_account = 'case when ' ~ is_told ~ ' then ' ~ account ~ ' end' %}
{%- set net_amount = part_of(told_account, 'sales.paid_amount - sales.refunded_amount') %}

with shifts as (
    select * from {{ ref('anchor_shifts') }}
    where shift_date <= ({{ last_asked_day() }})
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'sales'
),

refund_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'refunds' and shop_id = 'all'
),

influencers as (
    select * from {{ ref('influencers') }}
),

live_formats as (
    select field_name from {{ ref('fields') }}
    where field = 'live'
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and (traffic_format is null or traffic_format in (select live_formats.field_name from live_formats))
),

sold_days as (
    select
        shop_id,
        influencer_key,
        paid_date
    from {{ ref('influencer_sales_daily') }}
    group by shop_id, influencer_key, paid_date
),

-- Day by day, since engines find equal days by a hash, and times in between by trying all.
shift_days as (
    select
        sold_days.*,
        shifts.shift_key,
        shifts.started_at,
        shifts.over_at
    from shifts
    inner join sold_days
        on
            shifts.shop_id = sold_days.shop_id
            and shifts.influencer_key = sold_days.influencer_key
            and sold_days.paid_date between shifts.shift_date and cast(shifts.over_at as date)
),

account_lines as (
    select
        order_lines.*,
        order_lines.traffic_format is not null as is_live,
        shift_days.shift_key,
        case when shift_days.shift_key is null then order_lines.paid_date end as unassigned_date
    from order_lines
    inner join influencers on order_lines.influencer_key = influencers.influencer_key
    left join shift_days
        on
            order_lines.shop_id = shift_days.shop_id
            and order_lines.influencer_key = shift_days.influencer_key
            and order_lines.paid_date = shift_days.paid_date
            and order_lines.paid_at >= shift_days.started_at
            and order_lines.paid_at < shift_days.over_at
    where influencers.is_own_account or order_lines.influencer_key in (select shifts.influencer_key from shifts)
),

sales as (
    select
        platform,
        shop_id,
        influencer_key,
        shift_key,
        unassigned_date,
        count(distinct case when is_live then order_key end) as order_count,
        count(distinct case when is_live then customer_key end) as buyer_count,
        sum(case when is_live then paid_amount else 0 end) as paid_amount,
        sum(case when is_live then refunded_amount else 0 end) as refunded_amount,
        count(distinct case when not is_live then order_key end) as pending_order_count,
        sum(case when not is_live then paid_amount else 0 end) as pending_paid_amount
    from account_lines
    group by platform, shop_id, influencer_key, shift_key, unassigned_date
)

select
    coalesce(shifts.shift_date, sales.unassigned_date) as shift_date,
    coalesce(shifts.platform, sales.platform) as platform,
    {{ shop }} as shop_id,
    coalesce(influencers.influencer_id, shifts.live_account) as live_account,
    influencers.influencer_name,
    shifts.shift_key,
    shifts.anchor,
    shifts.started_at,
    shifts.over_at,
    shifts.on_air_hours,
    {{ part_of(told_account, 'sales.order_count') }} as order_count,
    case when sales.order_count > 0 then nullif(sales.buyer_count, 0) else {{ part_of(told_account, '0') }} end as buyer_count,
    cast({{ part_of(told_account, 'sales.paid_amount') }} as decimal(18, 2)) as paid_amount,
    cast({{ known_refunds(part_of(told_account, 'sales.refunded_amount'), 'refund_feeds.feed is not null') }} as decimal(18, 2))
        as refunded_amount,
    cast({{ net_amount }} as decimal(18, 2)) as net_amount,
    {{ yuan(ratio(net_amount, 'shifts.on_air_hours')) }} as net_amount_per_hour,
    {{ part_of(told_account, 'sales.pending_order_count') }} as pending_order_count,
    cast({{ part_of(told_account, 'sales.pending_paid_amount') }} as decimal(18, 2)) as pending_paid_amount,
    shifts.shift_rule,
    {{ missing_feeds({
        'anchor shifts': told_no_shift,
        'orders': 'not ' ~ is_told ~ ' and ' ~ account ~ ' is not null',
        'orders of the live account': account ~ ' is null',
        'refunds': account ~ ' is not null and refund_feeds.feed is null',
        'order buyers': 'sales.order_count > 0 and sales.buyer_count = 0'
    }) }} as missing_feeds
from shifts
full join sales on shifts.shift_key = sales.shift_key
left join influencers on {{ account }} = influencers.influencer_key
left join scoped_feeds
    on
        coalesce(shifts.platform, sales.platform) = scoped_feeds.platform
        and {{ shop }} = scoped_feeds.shop_id
        and {{ holds_on('coalesce(shifts.shift_date, sales.unassigned_date)', 'scoped_feeds', 'begun_date', 'ended_date') }}
left join refund_feeds
    on
        coalesce(shifts.platform, sales.platform) = refund_feeds.platform
        and {{ holds_on('coalesce(shifts.shift_date, sales.unassigned_date)', 'refund_feeds', 'begun_date', 'ended_date') }}
