-- One row per account of a customer of several accounts, with the day from which all of them are joined.
-- Trap: an identifier without a date has always been held, so what it joins has no day of merging.
with accounts as (
    select * from {{ ref('int_accounts_resolved') }}
    where not is_quarantined
),

edges as (
    select * from {{ ref('int_identity_edges_judged') }}
    where refused_reason is null
),

joined as (
    select
        accounts.customer_key,
        accounts.account_key,
        min(edges.held_from) as joined_at
    from accounts
    inner join edges on accounts.account_key = edges.account_key
    group by accounts.customer_key, accounts.account_key
),

int_customers_merged as (
    select
        customer_key,
        account_key,
        cast(max(joined_at) over (partition by customer_key) as date) as merged_date
    from joined
)

select * from int_customers_merged
