-- One row per business day asked for and role in the private domain: who is in it, and what they bring by buying and by telling.
-- Trap: own definitions. Where no feed tells of sharing or inviting, the propagation value is null, never 0, and so is the sum.
with days as (
    select as_of_date from {{ ref('int_days_fingerprinted') }}
),

role_changes_daily as (
    select * from {{ ref('role_changes_daily') }}
),

purchases as (
    select * from {{ ref('int_purchase_days_valued') }}
),

recommending_feeds as (
    select min(begun_date) as begun_date from {{ ref('feeds') }}
    where feed in ('share', 'invite')
),

joins as (
    select
        customer_key,
        min(joined_date) as joined_date
    from {{ ref('members') }}
    group by customer_key
),

-- What a new member brings within 90 days, of those who have had them.
new_members as (
    select
        {{ days_after('joins.joined_date', 90) }} as valued_date,
        count(distinct joins.customer_key) as member_count,
        sum(coalesce(purchases.net_amount, 0)) as net_amount
    from joins
    left join purchases
        on
            joins.customer_key = purchases.customer_key
            and purchases.valid_to is null
            and purchases.paid_date >= joins.joined_date
            and purchases.paid_date < {{ days_after('joins.joined_date', 90) }}
    group by joins.joined_date
),

new_member_values as (
    select
        days.as_of_date,
        {{ ratio('sum(new_members.net_amount)', 'sum(new_members.member_count)') }} as new_member_value
    from days
    inner join new_members on days.as_of_date >= new_members.valued_date
    group by days.as_of_date
),

figures as (
    select
        days.as_of_date,
        changes.role,
        sum(case when changes.measure = 'person' then changes.change else 0 end) as person_count,
        sum(case when changes.measure = 'net_amount' then changes.change else 0 end) as net_amount,
        sum(case when changes.measure = 'invited_net_amount' then changes.change else 0 end) as invited_net_amount,
        sum(case when changes.measure = 'invited_member' then changes.change else 0 end) as invited_member_count
    from days
    inner join role_changes_daily as changes on days.as_of_date >= changes.changed_date
    group by days.as_of_date, changes.role
),

valued as (
    select
        figures.*,
        new_member_values.new_member_value,
        coalesce(recommending_feeds.begun_date <= figures.as_of_date, false) as is_propagation_known,
        figures.invited_net_amount
        + case
            when figures.invited_member_count = 0 then 0
            else figures.invited_member_count * new_member_values.new_member_value
        end as propagation_amount
    from figures
    cross join recommending_feeds
    left join new_member_values on figures.as_of_date = new_member_values.as_of_date
)

select
    as_of_date,
    role,
    cast(person_count as bigint) as person_count,
    cast(net_amount as decimal(18, 2)) as net_amount_30d,
    cast({{ ratio('net_amount', 'person_count') }} as decimal(18, 2)) as transaction_value,
    case when is_propagation_known then cast(invited_net_amount as decimal(18, 2)) end as invited_buyer_net_amount_30d,
    case when is_propagation_known then cast(invited_member_count as bigint) end as invited_member_count_30d,
    cast(new_member_value as decimal(18, 2)) as new_member_value,
    case
        when is_propagation_known then cast({{ ratio('propagation_amount', 'person_count') }} as decimal(18, 2))
    end as propagation_value,
    case
        when is_propagation_known then cast({{ ratio('net_amount + propagation_amount', 'person_count') }} as decimal(18, 2))
    end as relation_value
from valued
