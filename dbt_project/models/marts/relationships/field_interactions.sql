-- One row per customer, field (场) and business day on which he did something there.
-- Trap: where an event names no field that the seed `fields` knows, its type tells the field, if it does: a cart is of none.
-- Leaving is no interaction. An account that nothing else knows stands for its customer.
with engagements as (
    select * from {{ ref('engagements') }}
    where event_type not in ('unfollow', 'group_leave')
),

points_entries as (
    select * from {{ ref('points_entries') }}
    where entry_kind in ('earned', 'spent')
),

fields as (
    select * from {{ ref('fields') }}
),

interactions as (
    select
        coalesce(engagements.customer_key, engagements.account_key) as customer_key,
        coalesce(
            fields.field,
            case engagements.event_type
                when 'live_watch' then 'live'
                when 'group_join' then 'group'
                when 'follow' then 'subscription'
                when 'coupon_claim' then 'member_centre'
                when 'coupon_use' then 'member_centre'
            end
        ) as field,
        engagements.occurred_date
    from engagements
    left join fields on lower(engagements.field) = fields.field_name
    union all
    select
        coalesce(customer_key, account_key) as customer_key,
        'member_centre' as field,
        occurred_date
    from points_entries
)

select
    customer_key,
    field,
    occurred_date as interacted_date,
    cast(count(*) as bigint) as interaction_count
from interactions
where field is not null
group by customer_key, field, occurred_date
