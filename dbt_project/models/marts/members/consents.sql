-- One row per consent and account it speaks of, with the account's customer.
-- Trap: a row without a grant time is a bare withdrawal: it ends every earlier consent of its purpose and channel.
with consents as (
    select * from {{ ref('int_consents_matched') }}
)

select
    consent_key,
    account_key,
    customer_key,
    purpose,
    channel,
    granted_at,
    withdrawn_at
from consents
