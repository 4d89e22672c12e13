-- One row per campaign, business day and customer to be written to: in, and in the treatment arm.
-- Trap: a customer with several accounts on the channel's platform is written to at one of them, the one with the least key.
with decisions as (
    select * from {{ ref('audience_decisions') }}
),

channels as (
    select * from {{ ref('channels') }}
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

chosen as (
    select
        decisions.campaign_id,
        decisions.as_of_date,
        decisions.customer_key,
        decisions.tier,
        decisions.reason,
        decisions.recommended_product_id,
        decisions.channel,
        decisions.segment,
        decisions.variant,
        decisions.guide_id,
        decisions.order_id,
        decisions.remark,
        min(accounts.account_key) as account_key
    from decisions
    inner join accounts on decisions.customer_key = accounts.customer_key
    left join channels on decisions.channel = channels.channel
    where
        decisions.suppressed_reason is null
        and decisions.arm = 'treatment'
        and (channels.platform is null or channels.platform = accounts.platform)
    group by
        decisions.campaign_id,
        decisions.as_of_date,
        decisions.customer_key,
        decisions.tier,
        decisions.reason,
        decisions.recommended_product_id,
        decisions.channel,
        decisions.segment,
        decisions.variant,
        decisions.guide_id,
        decisions.order_id,
        decisions.remark
)

select
    chosen.campaign_id,
    chosen.as_of_date,
    chosen.customer_key,
    accounts.platform,
    accounts.shop_id,
    accounts.account_id,
    chosen.tier,
    chosen.reason,
    chosen.recommended_product_id,
    chosen.channel,
    chosen.segment,
    chosen.variant,
    chosen.guide_id,
    chosen.order_id,
    chosen.remark
from chosen
inner join accounts on chosen.account_key = accounts.account_key
