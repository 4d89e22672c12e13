-- One row per customer, field (场) and period [valid_from, valid_to) of a private-domain relationship with the brand there.
-- Trap: field `private_domain` is any of the others: never add fields up. Days, not instants: what begins and ends on one day was
-- never a relationship at the end of a day. An account that nothing else knows stands for its customer.
with members as (
    select * from {{ ref('members') }}
),

group_memberships as (
    select * from {{ ref('group_memberships') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

follows as (
    select
        coalesce(customer_key, account_key) as customer_key,
        event_type,
        occurred_date,
        lead(occurred_date) over (partition by account_key, object_id order by occurred_at, event_key) as next_date
    from {{ ref('engagements') }}
    where event_type in ('follow', 'unfollow')
),

stays as (
    select
        customer_key,
        case when platform = 'pos' then 'store' else 'member_centre' end as field,
        joined_date as valid_from,
        left_date as valid_to
    from members
    union all
    select
        coalesce(customer_key, account_key) as customer_key,
        'group' as field,
        joined_date as valid_from,
        left_date as valid_to
    from group_memberships
    union all
    select
        coalesce(customer_key, account_key) as customer_key,
        'guide' as field,
        added_date as valid_from,
        removed_date as valid_to
    from guide_contacts
    union all
    select
        customer_key,
        'subscription' as field,
        occurred_date as valid_from,
        next_date as valid_to
    from follows
    where event_type = 'follow'
),

relationships as (
    select
        customer_key,
        field,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from stays
    where valid_to is null or valid_from < valid_to
),

relationships_of_any_field as (
    select
        customer_key,
        field,
        valid_from,
        valid_to
    from relationships
    union all
    select
        customer_key,
        'private_domain' as field,
        valid_from,
        valid_to
    from relationships
),

-- Of those that begin on one day the longest holds: no two are alike, and every window sees them in one order.
longest as (
    select
        customer_key,
        field,
        valid_from,
        max(valid_to) as valid_to
    from relationships_of_any_field
    group by customer_key, field, valid_from
),

-- A relationship that begins after every earlier one has ended begins a period.
followed as (
    select
        *,
        max(valid_to) over (
            partition by customer_key, field
            order by valid_from rows between unbounded preceding and 1 preceding
        ) as ended_before
    from longest
),

numbered as (
    select
        *,
        sum(case when valid_from <= ended_before then 0 else 1 end) over (
            partition by customer_key, field
            order by valid_from rows between unbounded preceding and current row
        ) as period_number
    from followed
)

select
    customer_key,
    field,
    min(valid_from) as valid_from,
    nullif(max(valid_to), cast('9999-12-31' as date)) as valid_to
from numbered
group by customer_key, field, period_number
