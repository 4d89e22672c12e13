-- One row per field (场), measure and business day on which its figure changes.
-- Trap: a running sum over the days up to one is the figure of that day; a row alone means nothing.
{% set days = 30 -%}
with relationships as (
    select
        *,
        lag(valid_to) over (partition by customer_key, field order by valid_from) as earlier_valid_to
    from {{ ref('relationship_periods') }}
),

private_domain as (
    select * from relationships
    where field = 'private_domain'
),

entries as (
    select * from relationships
    where field <> 'private_domain'
),

fields as (
    select field from entries
    group by field
),

interactions as (
    select
        customer_key,
        field,
        interacted_date,
        lead(interacted_date) over (partition by customer_key, field order by interacted_date) as next_date
    from {{ ref('field_interactions') }}
),

-- A purchase day is owed to the fields in which the customer did something on it, or shortly before: to the last time there. It
-- is told as long as that time is, so that buyers are never more than those who did something.
attributed as (
    select
        interactions.field,
        purchases.customer_key,
        purchases.paid_date,
        purchases.valid_from,
        purchases.net_amount,
        purchases.paid_amount,
        {{ days_after('interactions.interacted_date', days) }} as told_to,
        least(purchases.valid_to, {{ days_after('interactions.interacted_date', days) }}) as valid_to
    from {{ ref('int_purchase_days_valued') }} as purchases
    inner join interactions
        on
            purchases.customer_key = interactions.customer_key
            and purchases.paid_date >= interactions.interacted_date
            and purchases.paid_date < {{ days_after('interactions.interacted_date', var('attribution_days')) }}
            and (interactions.next_date is null or purchases.paid_date < interactions.next_date)
),

buying as (
    select
        field,
        paid_date,
        told_to,
        lead(paid_date) over (partition by customer_key, field order by paid_date) as next_date
    from attributed
    where valid_from = paid_date
),

pieces as (
    select
        field,
        'size' as measure,
        1 as weight,
        valid_from,
        valid_to
    from entries
    union all
    select
        field,
        'entered' as measure,
        1 as weight,
        valid_from,
        {{ days_after('valid_from', days) }} as valid_to
    from entries
    union all
    -- Whoever was in the private domain and not in the field on a day could have entered it since then.
    select
        fields.field,
        'eligible' as measure,
        1 as weight,
        {{ days_after('private_domain.valid_from', days) }} as valid_from,
        {{ days_after('private_domain.valid_to', days) }} as valid_to
    from private_domain
    cross join fields
    union all
    select
        field,
        'eligible' as measure,
        -1 as weight,
        {{ days_after('valid_from', days) }} as valid_from,
        {{ days_after('valid_to', days) }} as valid_to
    from entries
    union all
    select
        entries.field,
        'entered_eligible' as measure,
        1 as weight,
        greatest(
            {{ days_after('private_domain.valid_from', days) }},
            {{ days_after('entries.earlier_valid_to', days) }},
            entries.valid_from
        ) as valid_from,
        least({{ days_after('entries.valid_from', days) }}, {{ days_after('private_domain.valid_to', days) }}) as valid_to
    from entries
    inner join private_domain
        on
            entries.customer_key = private_domain.customer_key
            and entries.valid_from > private_domain.valid_from
    union all
    select
        field,
        case when valid_to <= {{ days_after('valid_from', days) }} then 'lost' else 'retained' end as measure,
        1 as weight,
        {{ days_after('valid_from', days) }} as valid_from,
        {{ days_after('valid_from', 2 * days) }} as valid_to
    from entries
    union all
    select
        entries.field,
        'active' as measure,
        1 as weight,
        greatest(interactions.interacted_date, entries.valid_from) as valid_from,
        least(interactions.next_date, {{ days_after('interactions.interacted_date', days) }}, entries.valid_to) as valid_to
    from interactions
    inner join entries on interactions.customer_key = entries.customer_key and interactions.field = entries.field
    union all
    select
        field,
        'interacted' as measure,
        1 as weight,
        interacted_date as valid_from,
        least(next_date, {{ days_after('interacted_date', days) }}) as valid_to
    from interactions
    union all
    select
        field,
        'buyer' as measure,
        1 as weight,
        paid_date as valid_from,
        least(next_date, told_to) as valid_to
    from buying
    union all
    select
        field,
        'paid_amount' as measure,
        paid_amount as weight,
        valid_from,
        valid_to
    from attributed
    union all
    select
        field,
        'net_amount' as measure,
        net_amount as weight,
        valid_from,
        valid_to
    from attributed
),

changes as (
    {{ changes_of('pieces', ['field', 'measure'], 'weight') }}
)

select
    field,
    measure,
    changed_date,
    cast(change as decimal(18, 2)) as change
from changes
