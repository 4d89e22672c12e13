-- One row per campaign, business day and person of whom all conditions of any group of the campaign's filter hold.
-- Trap: a text fact holds if any purchase that stands on the day has it, each condition for itself; `!=` means that none has.
-- Of an unknown number or date (no purchase, no points, no membership) no condition holds, not even `!=`.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with selections as (
    {{ runs_of('free_selection') }}
),

campaign_conditions as (
    select * from {{ ref('campaign_conditions') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

members as (
    select * from {{ ref('members') }}
),

membership_levels as (
    select * from {{ ref('membership_levels') }}
    where membership_key is not null
),

points_entries as (
    select * from {{ ref('points_entries') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

named_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
),

days as (
    select as_of_date from selections
    group by as_of_date
),

asked as (
    select
        selections.campaign_id,
        selections.as_of_date,
        campaign_conditions.group_number,
        campaign_conditions.condition_number,
        campaign_conditions.conditions,
        campaign_conditions.fact,
        campaign_conditions.operator,
        campaign_conditions.value
    from selections
    inner join campaign_conditions on selections.campaign_id = campaign_conditions.campaign_id
),

groups as (
    select
        campaign_id,
        as_of_date,
        group_number,
        conditions,
        max(condition_number) as condition_count
    from asked
    group by campaign_id, as_of_date, group_number, conditions
),

buyers as (
    {{ last_purchases('days') }}
),

joinings as (
    select
        days.as_of_date,
        members.customer_key,
        min(members.joined_date) as joined_date
    from days
    inner join members
        on
            {{ holds_on('days.as_of_date', 'members', 'joined_date', 'left_date') }}
    group by days.as_of_date, members.customer_key
),

balances as (
    select
        days.as_of_date,
        points_entries.customer_key,
        sum(points_entries.points_delta) as points_balance
    from days
    inner join points_entries on days.as_of_date >= points_entries.occurred_date
    where points_entries.customer_key is not null
    group by days.as_of_date, points_entries.customer_key
),

persons as (
    select
        as_of_date,
        customer_key
    from buyers
    union
    select
        as_of_date,
        customer_key
    from joinings
),

facts as (
    select
        persons.as_of_date,
        persons.customer_key,
        {{ days_between('buyers.last_paid_date', 'persons.as_of_date') }} as recency_days,
        coalesce(customer_rfm_periods.order_count, 0) as order_count,
        coalesce(customer_rfm_periods.net_amount, 0) as net_amount,
        coalesce(customer_rfm_periods.paid_amount, 0) as paid_amount,
        coalesce(customer_rfm_periods.refund_count, 0) as refund_count,
        {{ ratio('customer_rfm_periods.quantity', 'customer_rfm_periods.order_count') }} as average_items_per_order,
        balances.points_balance,
        joinings.joined_date
    from persons
    left join buyers
        on
            persons.as_of_date = buyers.as_of_date
            and persons.customer_key = buyers.customer_key
    left join joinings
        on
            persons.as_of_date = joinings.as_of_date
            and persons.customer_key = joinings.customer_key
    left join balances
        on
            persons.as_of_date = balances.as_of_date
            and persons.customer_key = balances.customer_key
    left join customer_rfm_periods on {{ figures_of('persons') }}
),

{% set numbers = [
    'recency_days', 'order_count', 'net_amount', 'paid_amount', 'refund_count', 'average_items_per_order', 'points_balance'
] -%}

-- Numbers and dates alike, a date as days since a fixed one.
measured as (
    select
        asked.campaign_id,
        asked.as_of_date,
        asked.group_number,
        asked.condition_number,
        asked.operator,
        facts.customer_key,
        case asked.fact
            {%- for fact in numbers %}
            when '{{ fact }}' then cast(facts.{{ fact }} as decimal(18, 6))
            {%- endfor %}
            when 'joined_date' then {{ days_between("cast('1970-01-01' as date)", 'facts.joined_date') }}
        end as measure,
        case
            when asked.fact = 'joined_date'
                then {{ days_between("cast('1970-01-01' as date)", 'cast(asked.value as date)') }}
            else cast(asked.value as decimal(18, 6))
        end as value
    from asked
    inner join facts on asked.as_of_date = facts.as_of_date
    where asked.fact in ('{{ numbers | join("', '") }}', 'joined_date')
),

names as (
    select
        asked.campaign_id,
        asked.as_of_date,
        asked.group_number,
        asked.condition_number,
        named_lines.influencer_key
    from asked
    inner join named_lines
        on
            asked.value = named_lines.influencer_name
            and asked.as_of_date >= named_lines.paid_date
    where asked.fact = 'influencer_name'
    group by asked.campaign_id, asked.as_of_date, asked.group_number, asked.condition_number, named_lines.influencer_key

    union

    select
        asked.campaign_id,
        asked.as_of_date,
        asked.group_number,
        asked.condition_number,
        influencers.influencer_key
    from asked
    inner join influencers on asked.value = influencers.influencer_id
    where asked.fact = 'influencer_id'
),

-- Lines are read here, for each fact: an import that is read several times is kept in memory whole, asked for or not.
matched as (
    {%- for fact in ['product_id', 'sku_id', 'merchant_code', 'traffic_source', 'traffic_format'] %}
    select
        asked.campaign_id,
        asked.as_of_date,
        asked.group_number,
        asked.condition_number,
        order_lines.customer_key
    from asked
    inner join {{ ref('order_lines') }} as order_lines
        on
            asked.fact = '{{ fact }}'
            and asked.value = order_lines.{{ fact }}
            and {{ stands_on('asked.as_of_date', 'order_lines') }}
    where order_lines.is_valid and order_lines.customer_key is not null

    union

    {% endfor -%}
    select
        names.campaign_id,
        names.as_of_date,
        names.group_number,
        names.condition_number,
        order_lines.customer_key
    from names
    inner join {{ ref('order_lines') }} as order_lines
        on
            names.influencer_key = order_lines.influencer_key
            and {{ stands_on('names.as_of_date', 'order_lines') }}
    where order_lines.is_valid and order_lines.customer_key is not null

    union

    select
        asked.campaign_id,
        asked.as_of_date,
        asked.group_number,
        asked.condition_number,
        membership_levels.customer_key
    from asked
    inner join membership_levels
        on
            asked.fact = 'member_level'
            and asked.value = membership_levels.member_level
            and {{ holds_on('asked.as_of_date', 'membership_levels') }}
),

text_conditions as (
    select
        campaign_id,
        as_of_date,
        group_number,
        condition_number,
        operator
    from asked
    where fact not in ('{{ numbers | join("', '") }}', 'joined_date')
    group by campaign_id, as_of_date, group_number, condition_number, operator
),

met as (
    select
        campaign_id,
        as_of_date,
        group_number,
        condition_number,
        customer_key
    from measured
    where
        case operator
            when '=' then measure = value
            when '!=' then measure <> value
            when '<' then measure < value
            when '<=' then measure <= value
            when '>' then measure > value
            when '>=' then measure >= value
        end

    union all

    select
        matched.campaign_id,
        matched.as_of_date,
        matched.group_number,
        matched.condition_number,
        matched.customer_key
    from matched
    inner join text_conditions
        on
            matched.campaign_id = text_conditions.campaign_id
            and matched.as_of_date = text_conditions.as_of_date
            and matched.group_number = text_conditions.group_number
            and matched.condition_number = text_conditions.condition_number
    where text_conditions.operator = '='

    union all

    select
        text_conditions.campaign_id,
        text_conditions.as_of_date,
        text_conditions.group_number,
        text_conditions.condition_number,
        persons.customer_key
    from text_conditions
    inner join persons on text_conditions.as_of_date = persons.as_of_date
    left join matched
        on
            text_conditions.campaign_id = matched.campaign_id
            and text_conditions.as_of_date = matched.as_of_date
            and text_conditions.group_number = matched.group_number
            and text_conditions.condition_number = matched.condition_number
            and persons.customer_key = matched.customer_key
    where text_conditions.operator = '!=' and matched.customer_key is null
),

met_groups as (
    select
        met.campaign_id,
        met.as_of_date,
        met.customer_key,
        met.group_number
    from met
    inner join groups
        on
            met.campaign_id = groups.campaign_id
            and met.as_of_date = groups.as_of_date
            and met.group_number = groups.group_number
    group by met.campaign_id, met.as_of_date, met.customer_key, met.group_number
    having count(*) = max(groups.condition_count)
),

found as (
    select
        campaign_id,
        as_of_date,
        customer_key,
        min(group_number) as group_number
    from met_groups
    group by campaign_id, as_of_date, customer_key
)

select
    found.campaign_id,
    found.as_of_date,
    found.customer_key,
    selections.template,
    case when facts.net_amount >= selections.tier_amount then 'high' else 'standard' end as tier,
    'meets ' || groups.conditions as reason,
    cast(null as varchar) as recommended_product_id,
    selections.priority,
    cast(null as varchar) as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from found
inner join selections
    on
        found.campaign_id = selections.campaign_id
        and found.as_of_date = selections.as_of_date
inner join groups
    on
        found.campaign_id = groups.campaign_id
        and found.as_of_date = groups.as_of_date
        and found.group_number = groups.group_number
inner join facts
    on
        found.as_of_date = facts.as_of_date
        and found.customer_key = facts.customer_key
