-- One row per campaign, business day and customer to be written to: in, and in the treatment arm.
-- Trap: a customer with several accounts on the channel's platform is written to at one of them, the one with the least key;
-- by a guide, at one that was this guide's friend on the day. A message to a phone needs no account of its day.
with decisions as (
    select * from {{ ref('audience_decisions') }}
),

channels as (
    select * from {{ ref('channels') }}
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
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
    left join guide_contacts
        on
            decisions.guide_id = guide_contacts.guide_id
            and accounts.account_key = guide_contacts.account_key
            and {{ holds_on('decisions.as_of_date', 'guide_contacts', 'added_date', 'removed_date') }}
    where
        decisions.suppressed_reason is null
        and decisions.arm = 'treatment'
        and (channels.platform is null or channels.platform = accounts.platform)
        and case
            when decisions.guide_id is not null then guide_contacts.account_key is not null
            when channels.id_type = 'phone' or accounts.first_seen_date is null then true
            else decisions.as_of_date >= accounts.first_seen_date
        end
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
