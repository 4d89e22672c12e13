-- One row per customer and period [valid_from, valid_to) as a member of any shop of the brand.
-- Trap: days, not instants: who joins and leaves on one day was never a member at the end of a day. valid_to null means still.
{{ renewed_table('forget_touched()') }}

with int_memberships_unioned as (
    select * from {{ ref('int_memberships_unioned') }}
    where {{ is_touched() }}
),

-- Of those that begin on one day the longest holds: no two are alike, and every window sees them in one order.
memberships as (
    select
        customer_key,
        cast(joined_at as date) as valid_from,
        max(coalesce(cast(left_at as date), cast('9999-12-31' as date))) as valid_to
    from int_memberships_unioned
    where left_at is null or cast(joined_at as date) < cast(left_at as date)
    group by customer_key, cast(joined_at as date)
),

merged as (
    {{ merged_periods('memberships', ['customer_key']) }}
),

int_memberships_merged as (
    select
        customer_key,
        valid_from,
        nullif(valid_to, cast('9999-12-31' as date)) as valid_to
    from merged
)

select * from int_memberships_merged
