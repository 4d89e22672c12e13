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

told as (
    {{ told_kinds('days', {'orders': "= 'orders'", 'members': "= 'members'", 'invitations': "in ('share', 'invite')"}) }}
),

scoped_feeds as (
    select * from {{ ref('scoped_feeds') }}
    where feed = 'orders' and platform = 'all'
),

joins as (
    select
        customer_key,
        min(joined_date) as joined_date
    from {{ ref('members') }}
    group by customer_key
),

-- What a new member brings within 90 days, of those who have had them while orders were told.
new_members as (
    select
        {{ days_after('joins.joined_date', 90) }} as valued_date,
        count(distinct joins.customer_key) as member_count,
        sum(coalesce(purchases.net_amount, 0)) as net_amount
    from joins
    inner join scoped_feeds
        on
            joins.joined_date >= scoped_feeds.begun_date
            and {{ window_is_told('joins.joined_date', 90) }}
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

-- What no feed has told by the day is unknown, not zero, and so is what is made of it.
known as (
    select
        figures.as_of_date,
        figures.role,
        figures.person_count,
        told.has_orders,
        told.has_members,
        told.has_invitations,
        case when told.has_orders then figures.net_amount end as net_amount,
        case when told.has_invitations and told.has_orders then figures.invited_net_amount end as invited_net_amount,
        case when told.has_invitations and told.has_members then figures.invited_member_count end as invited_member_count,
        case when told.has_orders then new_member_values.new_member_value end as new_member_value
    from figures
    inner join told on figures.as_of_date = told.as_of_date
    left join new_member_values on figures.as_of_date = new_member_values.as_of_date
),

valued as (
    select
        *,
        invited_net_amount
        + case when invited_member_count = 0 then 0 else invited_member_count * new_member_value end as propagation_amount
    from known
)

select
    as_of_date,
    role,
    cast(person_count as bigint) as person_count,
    cast(net_amount as decimal(18, 2)) as net_amount_30d,
    {{ yuan(ratio('net_amount', 'person_count')) }} as transaction_value,
    cast(invited_net_amount as decimal(18, 2)) as invited_buyer_net_amount_30d,
    cast(invited_member_count as bigint) as invited_member_count_30d,
    {{ yuan('new_member_value') }} as new_member_value,
    {{ yuan(ratio('propagation_amount', 'person_count')) }} as propagation_value,
    {{ yuan(ratio('net_amount + propagation_amount', 'person_count')) }} as relation_value,
    {{ missing_feeds({
        'orders': 'not has_orders', 'members': 'not has_members', 'invitations': 'not has_invitations'
    }) }} as missing_feeds
from valued
