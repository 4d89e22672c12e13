-- One row per message and customer it was sent to.
-- Trap: a message log that names no shop (`default`) speaks of the account in every shop of its platform.
with touches as (
    select * from {{ ref('stg_generic__touches') }}
),

accounts as (
    select * from {{ ref('int_accounts_unioned') }}
),

customers as (
    select
        touches.touch_id,
        accounts.customer_key
    from touches
    inner join accounts
        on
            touches.platform = accounts.platform
            and touches.account_id = accounts.account_id
            and (touches.shop_id = accounts.shop_id or touches.shop_id = 'default')
    group by touches.touch_id, accounts.customer_key
),

int_touches_matched as (
    select
        touches.touch_id,
        customers.customer_key,
        touches.campaign_id,
        touches.wave,
        touches.arm,
        touches.channel,
        touches.sent_at,
        touches.delivered_at,
        touches.touch_status,
        touches.segment_count,
        touches.unit_cost
    from touches
    inner join customers on touches.touch_id = customers.touch_id
)

select * from int_touches_matched
