-- One row per customer that gained or lost an account or an identifier, before or after the change; none when everything is built
-- from nothing.
-- Trap: kept until a build completes, so that a killed one forgets nobody.
{{ renewed_table('forget_settled()') }}

with identifiers as (
    select * from {{ ref('int_identifiers_matched') }}
),

accounts as (
    select * from {{ ref('int_accounts_resolved') }}
),

{% if is_incremental() -%}
known as (
    select
        previous_accounts.customer_key as customer_key_before,
        coalesce(accounts.customer_key, previous_accounts.account_key) as customer_key_after
    from {{ previous('marts', 'customer_accounts') }} as previous_accounts
    left join accounts on previous_accounts.account_key = accounts.account_key
),

concerned as (
    select customer_key_before as customer_key from known
    where customer_key_before <> customer_key_after

    union

    select customer_key_after as customer_key from known
    where customer_key_before <> customer_key_after

    union

    select customer_key from identifiers
    where content_hash in ({{ unsettled_contents() }})

    union

    select customer_key from {{ previous('marts', 'customer_identifiers') }}
    where content_hash in ({{ unsettled_contents() }})

    union

    -- What a newer row states no more, as of a card that was closed, what stands again once that row is withdrawn, and what
    -- others make of it, as of a phone that somebody else holds now: the rows that changed do not name these identifiers.
    select coalesce(identifiers.customer_key, previous_identifiers.customer_key) as customer_key
    from {{ previous('marts', 'customer_identifiers') }} as previous_identifiers
    full join identifiers
        on
            previous_identifiers.account_key = identifiers.account_key
            and previous_identifiers.identifier_key = identifiers.identifier_key
            and coalesce(previous_identifiers.valid_from, cast('0001-01-01' as timestamp))
            = coalesce(identifiers.valid_from, cast('0001-01-01' as timestamp))
    where
        previous_identifiers.account_key is null
        or identifiers.account_key is null
        or coalesce(previous_identifiers.episode_key, 0) <> coalesce(identifiers.episode_key, 0)
        or coalesce(previous_identifiers.refused_reason, '') <> coalesce(identifiers.refused_reason, '')
),

{% else -%}
concerned as (
    select identifiers.customer_key
    from identifiers
    inner join accounts on identifiers.account_key = accounts.account_key
    where false
),

{% endif -%}
int_customers_regrouped as (
    select customer_key from concerned
    {%- if is_incremental() %}
    where customer_key not in (select kept.customer_key from {{ this }} as kept)
    {%- endif %}
)

select * from int_customers_regrouped
