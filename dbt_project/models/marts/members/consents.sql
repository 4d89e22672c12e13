-- One row per consent and customer it speaks of.
-- Trap: a row without a grant time is a bare withdrawal: it ends every earlier consent of its purpose and channel.
with consents as (
    select * from {{ ref('int_consents_matched') }}
)

select
    consent_key,
    customer_key,
    purpose,
    channel,
    granted_at,
    withdrawn_at
from consents
