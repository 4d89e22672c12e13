-- One row per role in the private domain, measure and business day on which its figure changes.
-- Trap: a running sum over the days up to one is the figure of that day; a row alone means nothing.
with role_periods as (
    select * from {{ ref('role_periods') }}
),

invitations as (
    select * from {{ ref('invitations') }}
),

purchases as (
    select * from {{ ref('int_purchase_days_valued') }}
),

-- Everything counts for 30 days, in the role that the person has on the day.
contributions as (
    select
        customer_key,
        'net_amount' as measure,
        net_amount as weight,
        valid_from,
        least(valid_to, {{ days_after('paid_date', 30) }}) as valid_to
    from purchases
    where customer_key in (select role_periods.customer_key from role_periods)
    union all
    select
        inviter_customer_key as customer_key,
        'invited_net_amount' as measure,
        first_order_net_amount as weight,
        first_order_date as valid_from,
        {{ days_after('first_order_date', 30) }} as valid_to
    from invitations
    where first_order_date is not null
    union all
    select
        inviter_customer_key as customer_key,
        'invited_member' as measure,
        1 as weight,
        joined_date as valid_from,
        {{ days_after('joined_date', 30) }} as valid_to
    from invitations
    where joined_date is not null
),

pieces as (
    select
        role,
        'person' as measure,
        1 as weight,
        valid_from,
        valid_to
    from role_periods
    union all
    select
        role_periods.role,
        contributions.measure,
        contributions.weight,
        greatest(contributions.valid_from, role_periods.valid_from) as valid_from,
        least(contributions.valid_to, role_periods.valid_to) as valid_to
    from contributions
    inner join role_periods on contributions.customer_key = role_periods.customer_key
),

changes as (
    {{ changes_of('pieces', ['role', 'measure'], 'weight') }}
)

select
    role,
    measure,
    changed_date,
    cast(change as decimal(18, 2)) as change
from changes
