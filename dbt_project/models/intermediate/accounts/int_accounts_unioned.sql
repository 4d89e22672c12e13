-- One row per platform account that bought or joined.
-- Trap: without an identity graph an account is a customer; accounts of one person are not merged here.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched() }}"
) }}

with order_lines as (
    select * from {{ ref('int_order_lines_unioned') }}
    where {{ is_touched() }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
    where {{ is_touched() }}
),

seen as (
    select
        platform,
        shop_id,
        account_id,
        customer_key
    from order_lines
    where account_id is not null
    union all
    select
        platform,
        shop_id,
        account_id,
        customer_key
    from memberships
),

int_accounts_unioned as (
    select
        platform,
        shop_id,
        account_id,
        min(customer_key) as customer_key
    from seen
    group by platform, shop_id, account_id
)

select * from int_accounts_unioned
