-- One row per campaign, business day and old customer without a recent purchase, with what persons like this one brought in
-- comparable promotions.
-- Trap: cells are learnt on the eve of each promotion; money is taken at its end, when refunds of later days were not known.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with waves as (
    {{ runs_of('promotion_wave_one') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
    where parameter = 'reference_periods'
),

value_cells as (
    select * from {{ ref('value_cells') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

purchase_days as (
    select * from {{ ref('int_purchase_days_valued') }}
),

promotions as (
    select
        waves.campaign_id,
        cast(split_part(campaign_values.value, '/', 1) as date) as first_date,
        cast(split_part(campaign_values.value, '/', 2) as date) as last_date
    from waves
    inner join campaign_values on waves.campaign_id = campaign_values.campaign_id
    group by waves.campaign_id, campaign_values.value
),

cell_days as (
    select {{ days_before('first_date', 1) }} as cell_date from promotions
    union
    select as_of_date as cell_date from waves
),

persons as (
    select
        cell_days.cell_date,
        customer_rfm_periods.customer_key,
        customer_rfm_periods.last_paid_date,
        customer_rfm_periods.order_count,
        customer_rfm_periods.purchase_day_count,
        customer_rfm_periods.net_amount
    from cell_days
    inner join customer_rfm_periods
        on
            cell_days.cell_date >= customer_rfm_periods.valid_from
            and cell_days.cell_date < customer_rfm_periods.valid_to
),

-- Money is relative to the day's mean, so that classes travel between brands and years.
means as (
    select
        cell_date,
        {{ ratio('sum(net_amount)', 'count(*)') }} as net_amount
    from persons
    group by cell_date
),

-- Classes with a day of their own and an upper and a lower bound each, so that comparisons alone find them.
cells as (
    select
        means.cell_date,
        value_cells.dimension,
        value_cells.value_class,
        coalesce(
            value_cells.from_value * case when value_cells.dimension = 'net_amount_to_mean' then means.net_amount else 1 end,
            -1000000000000
        ) as from_value,
        coalesce(
            value_cells.to_value * case when value_cells.dimension = 'net_amount_to_mean' then means.net_amount else 1 end,
            1000000000000
        ) as to_value
    from means
    cross join value_cells
),

persons_in_cells as (
    select
        persons.*,
        recencies.value_class || frequencies.value_class as rf_cell,
        recencies.value_class || amounts.value_class as rm_cell
    from persons
    left join cells as recencies
        on
            persons.cell_date = recencies.cell_date
            and recencies.dimension = 'recency_days'
            and {{ days_between('persons.last_paid_date', 'persons.cell_date') }} >= recencies.from_value
            and {{ days_between('persons.last_paid_date', 'persons.cell_date') }} < recencies.to_value
    left join cells as frequencies
        on
            persons.cell_date = frequencies.cell_date
            and frequencies.dimension = 'order_count'
            and persons.order_count >= frequencies.from_value
            and persons.order_count < frequencies.to_value
    left join cells as amounts
        on
            persons.cell_date = amounts.cell_date
            and amounts.dimension = 'net_amount_to_mean'
            and persons.net_amount >= amounts.from_value
            and persons.net_amount < amounts.to_value
),

promotion_buyers as (
    select
        promotions.campaign_id,
        promotions.first_date,
        promotions.last_date,
        purchase_days.customer_key,
        sum(purchase_days.net_amount) as net_amount
    from promotions
    inner join purchase_days
        on
            purchase_days.paid_date between promotions.first_date and promotions.last_date
            and {{ holds_on('promotions.last_date', 'purchase_days') }}
    where purchase_days.order_count > 0
    group by promotions.campaign_id, promotions.first_date, promotions.last_date, purchase_days.customer_key
),

learnt as (
    select
        promotions.campaign_id,
        persons_in_cells.rf_cell,
        persons_in_cells.rm_cell,
        case when promotion_buyers.customer_key is null then 0 else 1 end as buyer_count,
        coalesce(promotion_buyers.net_amount, 0) as net_amount
    from promotions
    inner join persons_in_cells on {{ days_before('promotions.first_date', 1) }} = persons_in_cells.cell_date
    left join promotion_buyers
        on
            promotions.campaign_id = promotion_buyers.campaign_id
            and promotions.first_date = promotion_buyers.first_date
            and promotions.last_date = promotion_buyers.last_date
            and persons_in_cells.customer_key = promotion_buyers.customer_key
),

rf_cells as (
    select
        campaign_id,
        rf_cell,
        {{ ratio('sum(buyer_count)', 'count(*)') }} as response_ratio
    from learnt
    group by campaign_id, rf_cell
),

rm_cells as (
    select
        campaign_id,
        rm_cell,
        {{ ratio('sum(net_amount)', 'count(*)') }} as average_amount
    from learnt
    group by campaign_id, rm_cell
),

recent_buyers as (
    select
        waves.campaign_id,
        waves.as_of_date,
        purchase_days.customer_key
    from waves
    inner join purchase_days
        on
            purchase_days.paid_date <= waves.as_of_date
            and purchase_days.paid_date > {{ days_before('waves.as_of_date', 'waves.quiet_days') }}
    group by waves.campaign_id, waves.as_of_date, purchase_days.customer_key
)

select
    waves.campaign_id,
    waves.as_of_date,
    persons_in_cells.customer_key,
    waves.template,
    case when persons_in_cells.net_amount >= waves.tier_amount then 'high' else 'standard' end as tier,
    'last purchase on ' || cast(persons_in_cells.last_paid_date as varchar)
    || coalesce(', cell ' || persons_in_cells.rm_cell, '') as reason,
    cast(null as varchar) as recommended_product_id,
    waves.priority,
    persons_in_cells.rf_cell as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(rf_cells.response_ratio as decimal(9, 6)) as expected_response_ratio,
    {{ yuan('rm_cells.average_amount') }} as expected_amount
from waves
inner join persons_in_cells on waves.as_of_date = persons_in_cells.cell_date
left join rf_cells
    on
        waves.campaign_id = rf_cells.campaign_id
        and persons_in_cells.rf_cell = rf_cells.rf_cell
left join rm_cells
    on
        waves.campaign_id = rm_cells.campaign_id
        and persons_in_cells.rm_cell = rm_cells.rm_cell
left join recent_buyers
    on
        waves.campaign_id = recent_buyers.campaign_id
        and waves.as_of_date = recent_buyers.as_of_date
        and persons_in_cells.customer_key = recent_buyers.customer_key
where
    recent_buyers.customer_key is null
    and (persons_in_cells.last_paid_date < waves.as_of_date or persons_in_cells.purchase_day_count > 1)
