-- One row per platform account that bought, joined or was given an identifier, with the customer it belongs to.
-- Trap: accounts of one person have one customer; who is one person is decided by `int_accounts_resolved` alone.
{{ renewed_table('forget_touched()') }}

with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
    where {{ is_touched() }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
    where {{ is_touched() }}
),

identifiers as (
    select * from {{ ref('int_identifiers_matched') }}
    where {{ is_touched() }}
),

seen as (
    select
        account_key,
        platform,
        shop_id,
        account_id,
        customer_key,
        created_at as seen_at
    from order_lines
    where account_key is not null
    union all
    select
        account_key,
        platform,
        shop_id,
        account_id,
        customer_key,
        joined_at as seen_at
    from memberships
    union all
    select
        account_key,
        platform,
        shop_id,
        account_id,
        customer_key,
        valid_from as seen_at
    from identifiers
),

int_accounts_unioned as (
    select
        account_key,
        platform,
        shop_id,
        account_id,
        min(customer_key) as customer_key,
        cast(min(seen_at) as date) as first_seen_date
    from seen
    group by account_key, platform, shop_id, account_id
)

select * from int_accounts_unioned
