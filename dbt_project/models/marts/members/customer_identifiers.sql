-- One row per account, identifier and time from which the account holds it, as one delivered row states it.
-- Trap: accounts are one customer where they share an `episode_key` and nothing is refused; a refused one joins nobody.
{{ renewed_table('forget_touched()') }}

with identifiers as (
    select * from {{ ref('int_identifiers_matched') }}
    where {{ is_touched() }}
)

select
    account_key,
    customer_key,
    platform,
    shop_id,
    account_id,
    id_type,
    identifier_key,
    valid_from,
    valid_to,
    episode_key,
    refused_reason,
    content_hash,
    line_number
from identifiers
