-- One row per campaign and person a message did not fail to reach: when he first bought and first used its coupon since it began.
-- Trap: days count from the campaign's start (its plan row, else its first message), not from the message; a coupon is the
-- campaign's where the event names it, as `field` or as `object_id`.
with touches as (
    select * from {{ ref('campaign_touches') }}
    where not is_failed
),

orders as (
    select * from {{ ref('orders') }}
    where is_valid
),

coupon_uses as (
    select * from {{ ref('engagements') }}
    where event_type = 'coupon_use'
),

people as (
    select
        campaign_id,
        person_key,
        min(customer_key) as customer_key,
        min(campaign_start_date) as campaign_start_date,
        min(as_of_date) as as_of_date
    from touches
    group by campaign_id, person_key
),

bought as (
    select
        people.campaign_id,
        people.person_key,
        min(orders.paid_date) as bought_date
    from people
    inner join orders
        on
            people.customer_key = orders.customer_key
            and people.campaign_start_date <= orders.paid_date
            and people.as_of_date >= orders.paid_date
    group by people.campaign_id, people.person_key
),

redeemed as (
    select
        people.campaign_id,
        people.person_key,
        min(coupon_uses.occurred_date) as redeemed_date
    from people
    inner join coupon_uses
        on
            people.person_key = coalesce(coupon_uses.customer_key, coupon_uses.account_key)
            and people.campaign_start_date <= coupon_uses.occurred_date
            and people.as_of_date >= coupon_uses.occurred_date
    where people.campaign_id = coupon_uses.field or people.campaign_id = coupon_uses.object_id
    group by people.campaign_id, people.person_key
)

select
    people.campaign_id,
    people.person_key,
    people.customer_key,
    people.campaign_start_date,
    bought.bought_date,
    redeemed.redeemed_date
from people
left join bought on people.campaign_id = bought.campaign_id and people.person_key = bought.person_key
left join redeemed on people.campaign_id = redeemed.campaign_id and people.person_key = redeemed.person_key
