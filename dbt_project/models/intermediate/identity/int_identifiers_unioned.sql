-- One row per account, identifier and time from which the account holds it, as one delivered row states it.
-- Trap: an open end is null; a value says nothing outside the scope that `identity_rules` gives its type. Closed cards hold
-- nothing: their phones go to other people. A card that Tmall was told of and did not recognise is no account there.
{{ config(materialized='view') }}

with stated as (
    select * from {{ ref('stg_generic__identifiers') }}
),

douyin_members as (
    select * from {{ ref('stg_douyin__members') }}
),

douyin_union_ids as (
    select * from {{ ref('stg_douyin__union_ids') }}
),

douyin_replacements as (
    select * from {{ ref('stg_douyin__account_replacements') }}
),

tmall_members as (
    select * from {{ ref('stg_tmall__members') }}
),

tmall_recognised as (
    select * from {{ ref('stg_tmall__recognised_members') }}
    where is_recognised
),

cards as (
    select * from {{ ref('stg_pos__members') }}
    where card_status <> 'closed'
),

wecom_customers as (
    select * from {{ ref('stg_wecom__customers') }}
),

wecom_phones as (
    select
        platform,
        shop_id,
        account_id,
        {{ split_rows('phone_tokens') }} as phone_token,
        content_hash,
        line_number
    from wecom_customers
),

wecom_group_members as (
    select * from {{ ref('stg_wecom__group_members') }}
    where not is_staff
),

-- An account of Youzan is a phone; the orders themselves are the evidence, so no row is named.
youzan_buyers as (
    select
        platform,
        shop_id,
        account_id,
        min(content_hash) as content_hash,
        cast(null as bigint) as line_number
    from {{ ref('stg_youzan__orders') }}
    where account_id is not null
    group by platform, shop_id, account_id
),

rules as (
    select * from {{ ref('identity_rules') }}
),

unioned as (
    {{ identifiers_in('stated', 'id_type', 'id_value', valid_from='valid_from', valid_to='valid_to') }}
    union all
    {{ identifiers_in('douyin_members', "'union_id'", 'union_id') }}
    union all
    {{ identifiers_in('douyin_members', "'phone'", 'phone_token') }}
    union all
    {{ identifiers_in('douyin_union_ids', "'union_id'", 'union_id', valid_from='valid_from', valid_to='valid_to') }}
    union all
    {{ identifiers_in('douyin_replacements', "'replaced_account'", 'new_account_id', account_id='old_account_id') }}
    union all
    {{ identifiers_in('douyin_replacements', "'replaced_account'", 'new_account_id', account_id='new_account_id') }}
    union all
    {{ identifiers_in('tmall_members', "'phone'", 'phone_token') }}
    union all
    {{ identifiers_in('tmall_recognised', "'phone'", 'phone_token', account_id='open_id') }}
    union all
    {{ identifiers_in('tmall_recognised', "'card_no'", 'out_member_id', account_id='open_id') }}
    union all
    {{ identifiers_in('cards', "'card_no'", 'account_id') }}
    union all
    {{ identifiers_in('cards', "'phone'", 'phone_token') }}
    union all
    {{ identifiers_in('cards', "'open_id'", 'open_id') }}
    union all
    {{ identifiers_in('cards', "'merged_card'", 'merged_into_account_id') }}
    union all
    {{ identifiers_in('cards', "'merged_card'", 'merged_into_account_id', account_id='merged_into_account_id') }}
    union all
    {{ identifiers_in('wecom_customers', "'union_id'", 'union_id') }}
    union all
    {{ identifiers_in('wecom_phones', "'phone'", 'phone_token') }}
    union all
    {{ identifiers_in('wecom_group_members', "'union_id'", 'union_id', account_id='member_id') }}
    union all
    {{ identifiers_in('youzan_buyers', "'phone'", 'account_id') }}
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
        rules.extra_account_cap,
        unioned.content_hash,
        unioned.line_number
    from unioned
    left join rules on unioned.id_type = rules.id_type
)

select * from int_identifiers_unioned
