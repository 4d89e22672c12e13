-- One row per points account and what is wrong with it: for somebody to read.
-- Trap: the member export may be older or newer than the entries; a difference says that one of them is incomplete. Points have
-- ended on a day before the last one that the shop's entries tell; what left by then was of those that end first.
with entries as (
    select * from {{ ref('points_entries') }}
),

orders as (
    select * from {{ ref('orders') }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
),

known as (
    select
        *,
        max(occurred_date) over (partition by platform, shop_id) as known_date
    from entries
),

ends as (
    select
        *,
        sum(case
            when points_delta > 0 and cast(expires_at as date) < known_date then points_delta
            when points_delta < 0 and entry_kind <> 'expired' then points_delta
            else 0
        end) over (
            partition by account_key
            order by case when points_delta > 0 then cast(expires_at as date) else occurred_date end
            range between unbounded preceding and current row
        ) as ended_points
    from known
),

balances as (
    select
        account_key,
        max(customer_key) as customer_key,
        cast(sum(points_delta) as decimal(18, 2)) as points_balance,
        min(points_balance) as lowest_balance,
        max(ended_points) + sum(case when entry_kind = 'expired' then least(points_delta, 0) else 0 end) as unexpired_points
    from ends
    group by account_key
),

exported as (
    select
        account_key,
        max(points_balance) as points_balance
    from memberships
    where left_at is null
    group by account_key
),

refunded_orders as (
    select
        platform,
        order_id
    from orders
    where paid_amount > 0 and refunded_amount >= paid_amount
    group by platform, order_id
),

kept_points as (
    select
        entries.account_key,
        sum(entries.points_delta) as points
    from entries
    inner join refunded_orders
        on entries.platform = refunded_orders.platform and entries.order_id = refunded_orders.order_id
    group by entries.account_key, entries.order_id
    having sum(entries.points_delta) > 0
)

select
    account_key,
    'account_unknown' as finding,
    points_balance as points
from balances
where customer_key is null

union all

select
    account_key,
    'below_zero' as finding,
    lowest_balance as points
from balances
where lowest_balance < 0

union all

select
    balances.account_key,
    'differs_from_member_export' as finding,
    cast(balances.points_balance - exported.points_balance as decimal(18, 2)) as points
from balances
inner join exported on balances.account_key = exported.account_key
where balances.points_balance <> exported.points_balance

union all

select
    account_key,
    'kept_after_expiry' as finding,
    cast(unexpired_points as decimal(18, 2)) as points
from balances
where unexpired_points > 0

union all

select
    account_key,
    'kept_after_refund' as finding,
    cast(sum(points) as decimal(18, 2)) as points
from kept_points
group by account_key
