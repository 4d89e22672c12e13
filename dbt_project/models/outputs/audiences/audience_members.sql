-- One row per campaign, business day and account to be written to: in, and in the treatment arm.
-- Trap: a customer with several accounts on the channel's platform has one row per account.
with decisions as (
    select * from {{ ref('audience_decisions') }}
),

channels as (
    select * from {{ ref('channels') }}
),

accounts as (
    select * from {{ ref('customer_accounts') }}
)

select
    decisions.campaign_id,
    decisions.as_of_date,
    decisions.customer_key,
    accounts.platform,
    accounts.shop_id,
    accounts.account_id,
    decisions.tier,
    decisions.reason,
    decisions.recommended_product_id,
    decisions.channel
from decisions
inner join accounts on decisions.customer_key = accounts.customer_key
left join channels on decisions.channel = channels.channel
where
    decisions.suppressed_reason is null
    and decisions.arm = 'treatment'
    and (channels.platform is null or channels.platform = accounts.platform)
