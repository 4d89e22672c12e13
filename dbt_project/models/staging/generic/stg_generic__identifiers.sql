-- One row per identifier of an account (platform, shop, account, type, value, valid from), in its highest delivered version.
-- Trap: a phone that is masked or virtual joins nobody and is not here; a null `valid_from` has always been true, and one
-- identifier may be of several accounts, one after the other.
{{ config(unique_key='identifier_key') }}

with latest as (
    {{ latest_delivered(
        'generic',
        'identifiers',
        key=['platform', 'shop_id', 'account_id', 'id_type', 'id_value'],
        optional_key=['valid_from']
    ) }}
),

stg_generic__identifiers as (
    select
        {{ surrogate_key(
            ['platform', 'shop_id', 'account_id', 'id_type', 'id_value', 'valid_from']
        ) }} as identifier_key,
        {{ surrogate_key(['platform', 'shop_id', 'account_id']) }} as account_key,
        platform,
        shop_id,
        account_id,
        id_type,
        id_value,
        valid_from,
        valid_to,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
    where id_value is not null
)

select * from stg_generic__identifiers
