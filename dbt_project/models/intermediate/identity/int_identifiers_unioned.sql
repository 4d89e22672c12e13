-- One row per account, identifier and time from which the account holds it, as the exports state it.
-- Trap: an open end is null; a value says nothing outside the scope that `identity_rules` gives its type.
{{ config(materialized='view') }}

with stated as (
    select * from {{ ref('stg_generic__identifiers') }}
),

rules as (
    select * from {{ ref('identity_rules') }}
),

unioned as (
    select
        account_key,
        platform,
        shop_id,
        account_id,
        id_type,
        id_value,
        valid_from,
        valid_to,
        content_hash,
        line_number
    from stated
),

int_identifiers_unioned as (
    select
        unioned.account_key,
        unioned.platform,
        unioned.shop_id,
        unioned.account_id,
        unioned.id_type,
        {{ surrogate_key([
            'unioned.id_type',
            "case when rules.scope in ('platform', 'shop') then unioned.platform end",
            "case when rules.scope = 'shop' then unioned.shop_id end",
            'unioned.id_value'
        ]) }} as identifier_key,
        unioned.valid_from,
        unioned.valid_to,
        coalesce(rules.is_joining, false) as is_joining,
        coalesce(rules.is_single_valued, false) as is_single_valued,
        rules.account_cap,
        unioned.content_hash,
        unioned.line_number
    from unioned
    left join rules on unioned.id_type = rules.id_type
    where unioned.id_value is not null
)

select * from int_identifiers_unioned
