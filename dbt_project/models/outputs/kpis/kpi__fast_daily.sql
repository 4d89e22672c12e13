-- One row per business day asked for: the F A S T figures as far as the feeds can see them.
-- Trap: exports show buyers and members, not browsing: A (aware) is invisible and I (interested) is only "joined lately". F is
-- therefore an observable F; read it beside `feeds`, and draw no trend across a change of feeds. Own definition where marked.
{{ table_by_day() }}

with due_days as (
    {{ due_days() }}
),

orders as (
    select * from {{ ref('int_orders_valued') }}
),

members as (
    select * from {{ ref('members') }}
),

-- The state of a person is asked at the end of the day and at the start of the period before it.
state_days as (
    select as_of_date as state_date from due_days
    union
    select {{ days_before('as_of_date', var('fast_period_days')) }} as state_date from due_days
),

purchases as (
    select
        state_days.state_date,
        orders.customer_key,
        count(distinct case
            when orders.paid_date > {{ days_before('state_days.state_date', var('aipl_loyal_days')) }}
                then orders.paid_date
        end) as loyal_purchase_day_count
    from state_days
    inner join orders
        on
            orders.valid_from <= state_days.state_date
            and (orders.valid_to is null or state_days.state_date < orders.valid_to)
            and orders.paid_date > {{ days_before('state_days.state_date', var('aipl_purchase_days')) }}
    where orders.is_counted
    group by state_days.state_date, orders.customer_key
),

joins as (
    select
        state_days.state_date,
        members.customer_key
    from state_days
    inner join members
        on
            members.joined_date <= state_days.state_date
            and members.joined_date > {{ days_before('state_days.state_date', var('aipl_interest_days')) }}
            and (members.left_date is null or members.left_date > state_days.state_date)
    group by state_days.state_date, members.customer_key
),

levels as (
    select
        state_date,
        customer_key,
        case when loyal_purchase_day_count >= {{ var('aipl_loyal_purchase_days') }} then 3 else 2 end as level
    from purchases
    union all
    select
        state_date,
        customer_key,
        1 as level
    from joins
),

states as (
    select
        state_date,
        customer_key,
        max(level) as level
    from levels
    group by state_date, customer_key
),

state_counts as (
    select
        due_days.as_of_date,
        sum(case when states.level = 1 then 1 else 0 end) as interested_count,
        sum(case when states.level = 2 then 1 else 0 end) as purchased_count,
        sum(case when states.level = 3 then 1 else 0 end) as loyal_count
    from due_days
    left join states on due_days.as_of_date = states.state_date
    group by due_days.as_of_date
),

deepened as (
    select
        due_days.as_of_date,
        count(*) as base_count,
        sum(case when states.level > earlier.level then 1 else 0 end) as deepened_count
    from due_days
    inner join states as earlier
        on {{ days_before('due_days.as_of_date', var('fast_period_days')) }} = earlier.state_date
    left join states
        on
            due_days.as_of_date = states.state_date
            and earlier.customer_key = states.customer_key
    group by due_days.as_of_date
),

current_members as (
    select
        due_days.as_of_date,
        members.customer_key
    from due_days
    inner join members
        on
            members.joined_date <= due_days.as_of_date
            and (members.left_date is null or members.left_date > due_days.as_of_date)
    group by due_days.as_of_date, members.customer_key
),

recent_buyers as (
    select
        due_days.as_of_date,
        orders.customer_key
    from due_days
    inner join orders
        on
            orders.paid_date <= due_days.as_of_date
            and orders.paid_date > {{ days_before('due_days.as_of_date', var('fast_period_days')) }}
    group by due_days.as_of_date, orders.customer_key
),

member_counts as (
    select
        current_members.as_of_date,
        count(*) as member_count,
        count(recent_buyers.customer_key) as active_member_count
    from current_members
    left join recent_buyers
        on
            current_members.as_of_date = recent_buyers.as_of_date
            and current_members.customer_key = recent_buyers.customer_key
    group by current_members.as_of_date
),

first_feeds as (
    select
        (select min(paid_date) from orders) as first_order_date,
        (select min(joined_date) from members) as first_member_date
),

joined as (
    select
        state_counts.as_of_date,
        cast(state_counts.interested_count as bigint) as interested_count,
        cast(state_counts.purchased_count as bigint) as purchased_count,
        cast(state_counts.loyal_count as bigint) as loyal_count,
        cast(state_counts.interested_count + state_counts.purchased_count + state_counts.loyal_count as bigint)
            as fertility_count,
        cast(coalesce(deepened.deepened_count, 0) as bigint) as deepened_count,
        cast(coalesce(deepened.base_count, 0) as bigint) as deepening_base_count,
        case
            when
                first_feeds.first_member_date <= state_counts.as_of_date
                then cast(coalesce(member_counts.member_count, 0) as bigint)
        end
            as superiority_count,
        case
            when
                first_feeds.first_member_date <= state_counts.as_of_date
                then cast(coalesce(member_counts.active_member_count, 0) as bigint)
        end
            as active_member_count,
        case
            when
                first_feeds.first_order_date <= state_counts.as_of_date
                and first_feeds.first_member_date <= state_counts.as_of_date
                then 'orders, members'
            when first_feeds.first_order_date <= state_counts.as_of_date then 'orders'
            when first_feeds.first_member_date <= state_counts.as_of_date then 'members'
            else 'none'
        end as feeds
    from state_counts
    left join deepened on state_counts.as_of_date = deepened.as_of_date
    left join member_counts on state_counts.as_of_date = member_counts.as_of_date
    cross join first_feeds
)

select
    as_of_date,
    fertility_count,
    interested_count,
    purchased_count,
    loyal_count,
    deepened_count,
    deepening_base_count,
    {{ ratio('deepened_count', 'deepening_base_count') }} as advancing_ratio,
    superiority_count,
    active_member_count,
    {{ ratio('active_member_count', 'superiority_count') }} as thriving_ratio,
    feeds
from joined
