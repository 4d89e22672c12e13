-- One row per consent and account it speaks of, with the account's customer.
-- Trap: once withdrawn, a consent stays withdrawn, whatever another export leaves blank; consenting again is a new grant, in a
-- row of its own: a row that withdraws before it grants is withdrawn.
-- A consent that names no shop (`default`) speaks of the account in every shop of its platform; a withdrawal that
-- names no platform either ends the consents of that account id on every platform: the strictest reading wins.
with statements as (
    select * from {{ ref('stg_generic__consents') }}
),

accounts as (
    select * from {{ ref('int_accounts_unioned') }}
),

consents as (
    select
        consent_key,
        platform,
        shop_id,
        account_id,
        purpose,
        channel,
        granted_at,
        max(case when withdrawn_at < granted_at then granted_at else withdrawn_at end) as withdrawn_at
    from statements
    group by consent_key, platform, shop_id, account_id, purpose, channel, granted_at
),

int_consents_matched as (
    select
        consents.consent_key,
        accounts.account_key,
        accounts.customer_key,
        consents.purpose,
        consents.channel,
        case when consents.platform = accounts.platform then consents.granted_at end as granted_at,
        consents.withdrawn_at
    from consents
    inner join accounts
        on
            consents.account_id = accounts.account_id
            and (consents.shop_id = accounts.shop_id or consents.shop_id = 'default')
            and (
                consents.platform = accounts.platform
                or (
                    consents.platform = 'generic'
                    and consents.shop_id = 'default'
                    and consents.withdrawn_at is not null
                )
            )
)

select * from int_consents_matched
