-- One row per purchase day of a member and period [valid_from, valid_to) in which it is his latest one, within a FAST period.
-- Trap: whoever bought is active, also where the purchase was refunded later; only days as a member are here.
{{ renewed_table('forget_touched()') }}

with int_memberships_merged as (
    select * from {{ ref('int_memberships_merged') }}
    where {{ is_touched() }}
),

int_purchase_days_valued as (
    select * from {{ ref('int_purchase_days_valued') }}
    where {{ is_touched() }}
),

-- The first period of a purchase day begins on it.
purchases as (
    select
        customer_key,
        paid_date as valid_from,
        least(
            {{ days_after('paid_date', var('fast_period_days')) }},
            lead(paid_date) over (partition by customer_key order by paid_date)
        ) as valid_to
    from int_purchase_days_valued
    where
        valid_from = paid_date
        and customer_key in (select int_memberships_merged.customer_key from int_memberships_merged)
),

int_members_activated as (
    select
        purchases.customer_key,
        greatest(purchases.valid_from, int_memberships_merged.valid_from) as valid_from,
        least(purchases.valid_to, int_memberships_merged.valid_to) as valid_to
    from purchases
    inner join int_memberships_merged
        on
            purchases.customer_key = int_memberships_merged.customer_key
            and purchases.valid_to > int_memberships_merged.valid_from
            and (int_memberships_merged.valid_to is null or purchases.valid_from < int_memberships_merged.valid_to)
)

select * from int_members_activated
