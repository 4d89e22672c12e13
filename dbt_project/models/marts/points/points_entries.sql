-- One row per entry of a points account, with the balance that it leaves.
-- Trap: entries of an account that nothing else knows have no customer; a balance below zero is told, never hidden.
with entries as (
    select * from {{ ref('stg_generic__points') }}
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

kinds as (
    select
        *,
        case
            when lower(reason) like '%expire%' or reason like '%过期%' then 'expired'
            when points_delta > 0 and (lower(reason) like '%refund%' or reason like '%退%') then 'given_back'
            when lower(reason) like '%refund%' or lower(reason) like '%claw%' or reason like '%退%' then 'clawed_back'
            when lower(reason) like '%adjust%' or reason like '%调整%' then 'adjusted'
            when points_delta < 0 then 'spent'
            else 'earned'
        end as entry_kind
    from entries
)

select
    kinds.entry_key,
    kinds.platform,
    kinds.shop_id,
    kinds.entry_id,
    kinds.account_key,
    accounts.customer_key,
    kinds.entry_kind,
    kinds.points_delta,
    cast(sum(kinds.points_delta) over (
        partition by kinds.account_key
        order by kinds.occurred_at, kinds.entry_key
        rows between unbounded preceding and current row
    ) as decimal(18, 2)) as points_balance,
    kinds.reason,
    kinds.order_id,
    kinds.occurred_at,
    cast(kinds.occurred_at as date) as occurred_date,
    kinds.expires_at,
    kinds.content_hash,
    kinds.line_number
from kinds
left join accounts on kinds.account_key = accounts.account_key
