-- One row per business day asked for and field (场): its size, its attraction in three parts, and what its interactions bring.
-- Trap: own definitions. Unknown parts are null, and so is the index then; live and message know no relationship, hence no size.
-- Effects of several fields overlap: never add them up. The seed `cost_types` says which costs are a field's. Where no feed of
-- refunds tells of the day, refunds are unknown unless some are known.
{% set measures = [
    'size', 'entered', 'eligible', 'entered_eligible', 'retained', 'lost', 'active', 'interacted', 'buyer', 'paid_amount', 'net_amount'
] -%}
{% set refunded_amount = known_refunds('drawn.paid_amount - drawn.net_amount', 'refund_feeds.feed is not null') -%}
with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

field_changes_daily as (
    select * from {{ ref('field_changes_daily') }}
),

costs_daily as (
    select * from {{ ref('costs_daily') }}
),

refund_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'refunds' and platform = 'all'
),

costs as (
    select
        days.as_of_date,
        costs_daily.field,
        cast(sum(costs_daily.cost_amount) as decimal(18, 2)) as cost_amount
    from days
    inner join costs_daily
        on days.as_of_date >= costs_daily.cost_date and {{ days_before('days.as_of_date', 30) }} < costs_daily.cost_date
    group by days.as_of_date, costs_daily.field
),

told_days as (
    select as_of_date as told_date from days
    union
    select {{ days_before('as_of_date', var('attraction_base_days')) }} as told_date from days
),

told as (
    {{ told_kinds(
        'told_days', {'orders': "= 'orders'", 'interactions': "not in ('orders', 'members', 'guides')"}, day='told_date'
    ) }}
),

figures as (
    select
        told_days.told_date,
        field_changes_daily.field,
        {%- for measure in measures %}
        sum(case when field_changes_daily.measure = '{{ measure }}' then field_changes_daily.change end)
            as {{ measure }}{{ '' if measure.endswith('amount') else '_count' }},
        {%- endfor %}
        count(*) as change_count
    from told_days
    inner join field_changes_daily on told_days.told_date >= field_changes_daily.changed_date
    group by told_days.told_date, field_changes_daily.field
),

-- Where the whole is known, a part that nobody is in is empty; what a field never told, or no feed tells of, is unknown.
completed as (
    select
        figures.told_date,
        figures.field,
        told.has_orders,
        figures.size_count,
        {{ part_of('figures.size_count', 'figures.entered_count') }} as entered_count,
        figures.eligible_count,
        {{ part_of('figures.eligible_count', 'figures.entered_eligible_count') }} as entered_eligible_count,
        coalesce(figures.retained_count, 0) + coalesce(figures.lost_count, 0) as retention_base_count,
        coalesce(figures.retained_count, 0) as retained_count,
        case
            when told.has_interactions
                then {{ part_of('figures.size_count + figures.interacted_count', 'figures.active_count') }}
        end as active_count,
        {%- for figure in ['buyer_count', 'paid_amount', 'net_amount'] %}
        case
            when told.has_interactions and told.has_orders
                then {{ part_of('figures.interacted_count', 'figures.' ~ figure) }}
        end as {{ figure }},
        {%- endfor %}
        case when told.has_interactions then figures.interacted_count end as interacted_count
    from figures
    inner join told on figures.told_date = told.told_date
),

divided as (
    select
        *,
        {{ ratio('entered_eligible_count', 'eligible_count') }} as entry_ratio,
        {{ ratio('retained_count', 'retention_base_count') }} as retention_ratio,
        {{ ratio('active_count', 'size_count') }} as activity_ratio
    from completed
),

drawn as (
    select
        *,
        power(entry_ratio * retention_ratio * activity_ratio, cast(1 as double) / 3) as attraction
    from divided
)

select
    drawn.told_date as as_of_date,
    drawn.field,
    cast(drawn.size_count as bigint) as size_count,
    cast(drawn.entered_count as bigint) as entered_count_30d,
    cast(drawn.eligible_count as bigint) as eligible_count,
    cast(drawn.entered_eligible_count as bigint) as entered_eligible_count,
    drawn.entry_ratio,
    cast(drawn.retention_base_count as bigint) as retention_base_count,
    cast(drawn.retained_count as bigint) as retained_count,
    drawn.retention_ratio,
    cast(drawn.active_count as bigint) as active_person_count_30d,
    drawn.activity_ratio,
    {{ ratio('100 * drawn.attraction', 'base.attraction') }} as attraction_index,
    cast(drawn.interacted_count as bigint) as interacted_count_30d,
    cast(drawn.buyer_count as bigint) as attributed_buyer_count_30d,
    {{ ratio('drawn.buyer_count', 'drawn.interacted_count') }} as attributed_buyer_ratio,
    cast(drawn.paid_amount as decimal(18, 2)) as attributed_paid_amount_30d,
    cast({{ refunded_amount }} as decimal(18, 2)) as attributed_refunded_amount_30d,
    cast(drawn.net_amount as decimal(18, 2)) as attributed_net_amount_30d,
    {{ ratio(refunded_amount, 'drawn.paid_amount') }} as attributed_refunded_amount_ratio,
    {{ yuan(ratio('drawn.net_amount', 'drawn.interacted_count')) }} as net_amount_per_interacted,
    costs.cost_amount as cost_amount_30d,
    {{ ratio('drawn.net_amount', 'costs.cost_amount') }} as roi,
    {{ missing_feeds({
        'relationships': 'drawn.size_count is null',
        'private domain a period before': 'drawn.eligible_count is null',
        'interactions': 'drawn.interacted_count is null',
        'orders': 'not drawn.has_orders',
        'refunds': 'refund_feeds.feed is null',
        'costs': 'costs.cost_amount is null'
    }) }} as missing_feeds
from drawn
inner join days on drawn.told_date = days.as_of_date
left join costs on drawn.told_date = costs.as_of_date and drawn.field = costs.field
left join refund_feeds on {{ holds_on('drawn.told_date', 'refund_feeds', 'begun_date', 'ended_date') }}
left join drawn as base
    on
        drawn.field = base.field
        and {{ days_before('drawn.told_date', var('attraction_base_days')) }} = base.told_date
