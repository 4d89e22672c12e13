-- One row per customer and period [valid_from, valid_to) with one role in the private domain.
-- Trap: the highest role that holds wins; a refund or an exit lowers it. Who has shared or invited is an advocate as long as he
-- stays in the private domain. Our own definition: FAST+ names roles, its formulas are not public.
with relationship_periods as (
    select * from {{ ref('relationship_periods') }}
),

buyers as (
    select * from {{ ref('int_buyers_classified') }}
),

recommendations as (
    select
        coalesce(customer_key, account_key) as customer_key,
        occurred_date
    from {{ ref('engagements') }}
    where event_type in ('share', 'invite')
),

advocates as (
    select
        relationship_periods.customer_key,
        min(recommendations.occurred_date) as valid_from,
        relationship_periods.valid_to
    from relationship_periods
    inner join recommendations
        on
            relationship_periods.customer_key = recommendations.customer_key
            and relationship_periods.valid_from <= recommendations.occurred_date
            and (relationship_periods.valid_to is null or relationship_periods.valid_to > recommendations.occurred_date)
    where relationship_periods.field = 'private_domain'
    group by relationship_periods.customer_key, relationship_periods.valid_from, relationship_periods.valid_to
),

grounds as (
    select
        customer_key,
        case
            when field in ('member_centre', 'store') then 'member'
            when field = 'group' then 'group'
            else 'friend'
        end as ground,
        1 as weight,
        valid_from,
        valid_to
    from relationship_periods
    where field <> 'private_domain'
    union all
    select
        customer_key,
        'purchases' as ground,
        purchase_day_count as weight,
        valid_from,
        valid_to
    from buyers
    where customer_key in (select relationship_periods.customer_key from relationship_periods)
    union all
    select
        customer_key,
        'advocate' as ground,
        1 as weight,
        valid_from,
        valid_to
    from advocates
),

changes as (
    select
        customer_key,
        ground,
        weight,
        valid_from as changed_date
    from grounds
    union all
    select
        customer_key,
        ground,
        -weight as weight,
        valid_to as changed_date
    from grounds
    where valid_to is not null
),

changes_by_day as (
    select
        customer_key,
        changed_date,
        sum(case when ground = 'friend' then weight else 0 end) as friend_count,
        sum(case when ground = 'group' then weight else 0 end) as group_count,
        sum(case when ground = 'member' then weight else 0 end) as member_count,
        sum(case when ground = 'purchases' then weight else 0 end) as purchase_count,
        sum(case when ground = 'advocate' then weight else 0 end) as advocate_count
    from changes
    group by customer_key, changed_date
),

levels as (
    select
        customer_key,
        changed_date,
        case
            when sum(advocate_count) over history > 0 then 6
            when sum(member_count) over history > 0
                then
                    case
                        when sum(purchase_count) over history >= {{ var('several_purchase_days') }} then 5
                        when sum(purchase_count) over history > 0 then 4
                        else 3
                    end
            when sum(group_count) over history > 0 then 2
            when sum(friend_count) over history > 0 then 1
            else 0
        end as role_level
    from changes_by_day
    window history as (partition by customer_key order by changed_date)
),

followed as (
    select
        *,
        coalesce(lag(role_level) over (partition by customer_key order by changed_date), 0) as earlier_level
    from levels
),

periods as (
    select
        customer_key,
        role_level,
        changed_date as valid_from,
        lead(changed_date) over (partition by customer_key order by changed_date) as valid_to
    from followed
    where role_level <> earlier_level
)

select
    customer_key,
    cast(role_level as bigint) as role_level,
    case role_level
        when 1 then 'friend'
        when 2 then 'group_member'
        when 3 then 'member_without_purchase'
        when 4 then 'member_with_purchase'
        when 5 then 'member_bought_again'
        else 'advocate'
    end as role,
    valid_from,
    valid_to
from periods
where role_level > 0
