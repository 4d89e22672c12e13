-- One row per party (a customer, or an order) that changed rows concern, before or after the change; none when everything is
-- built from nothing.
-- Trap: kept until a build completes, so that a killed one forgets nobody.
{{ renewed_table('forget_settled()') }}

with lines_touched as (
    select * from {{ ref('int_order_lines_touched') }}
),

refund_lines_proposed as (
    select * from {{ ref('int_refund_lines_proposed') }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
),

levels as (
    select * from {{ ref('int_levels_matched') }}
),

customers_regrouped as (
    select * from {{ ref('int_customers_regrouped') }}
),

{% if is_incremental() -%}
touched as (
    select party_key from lines_touched

    union

    select order_key as party_key from lines_touched

    union

    select party_key from refund_lines_proposed

    union

    select coalesce(customer_key, order_key) as party_key
    from {{ previous('intermediate', 'int_refunds_matched') }}
    where
        refund_key in (select refund_lines_proposed.refund_key from refund_lines_proposed)
        or content_hash in ({{ unsettled_contents() }})

    union

    select customer_key as party_key from customers_regrouped

    union

    select customer_key as party_key from memberships
    where content_hash in ({{ unsettled_contents() }})

    union

    -- A membership that a newer row denies, and one that stands again once that row is withdrawn: no row that changed names it.
    select coalesce(memberships.customer_key, previous_members.customer_key) as party_key
    from {{ previous('marts', 'members') }} as previous_members
    full join memberships on previous_members.membership_key = memberships.membership_key
    where previous_members.membership_key is null or memberships.membership_key is null

    union

    {% for layer, model in [
        ('marts', 'members'), ('intermediate', 'int_membership_levels_dated'), ('marts', 'qc_levels_disputed')
    ] -%}
    select customer_key as party_key from {{ previous(layer, model) }}
    where content_hash in ({{ unsettled_contents() }})

    union

    {% endfor -%}
    select customer_key as party_key from levels
    where content_hash in ({{ unsettled_contents() }})

    union

    -- A number alone may have had its name from a row of its platform's members that is withdrawn.
    select customer_key as party_key from levels
    where
        is_numbered
        and platform in (
            select gone.platform from {{ source('plan', 'withdrawn') }} as gone
            where gone.dataset = 'members'
        )
),

known as (
    select party_key from {{ this }}
),

{% else -%}
touched as (
    select party_key from lines_touched
    union
    select party_key from refund_lines_proposed
    where false
),

known as (
    select memberships.customer_key as party_key
    from memberships
    inner join customers_regrouped on memberships.customer_key = customers_regrouped.customer_key
    inner join levels on memberships.customer_key = levels.customer_key
    where false
),

{% endif -%}
int_parties_touched as (
    select touched.party_key
    from touched
    left join known on touched.party_key = known.party_key
    where touched.party_key is not null and known.party_key is null
)

select * from int_parties_touched
