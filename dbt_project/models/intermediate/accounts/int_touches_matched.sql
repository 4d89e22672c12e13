-- One row per message and customer it was sent to.
-- Trap: a message log that names no shop (`default`) speaks of the account in every shop of its platform. A sender's log
-- knows phones: the message belongs to the customers who hold the phone when it is sent.
with touches as (
    select * from {{ ref('int_touches_unioned') }}
),

accounts as (
    select * from {{ ref('int_accounts_unioned') }}
),

phones as (
    select * from {{ ref('int_identifiers_matched') }}
    where id_type = 'phone'
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

    union

    select
        touches.touch_id,
        phones.customer_key
    from touches
    inner join phones
        on
            {{ surrogate_key(["'phone'", "null", "null", 'touches.phone_token']) }} = phones.identifier_key
            and (phones.valid_from is null or phones.valid_from <= touches.sent_at)
            and (phones.valid_to is null or phones.valid_to > touches.sent_at)
    where touches.phone_token is not null
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
