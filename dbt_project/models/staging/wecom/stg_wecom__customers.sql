-- One row per WeCom customer and employee who has added each other, in its highest delivered version.
-- Trap: a customer of several employees has several rows: count account_key, never rows. Who left is told by events only.
{{ config(unique_key=['shop_id', 'account_id', 'employee_id']) }}

with latest as (
    {{ latest_delivered('wecom', 'customers', key=['shop_id', 'account_id', 'employee_id']) }}
),

stg_wecom__customers as (
    select
        {{ surrogate_key(["'wecom'", 'shop_id', 'account_id']) }} as account_key,
        'wecom' as platform,
        shop_id,
        account_id,
        employee_id,
        union_id,
        mobile as phone_tokens,
        coalesce(contact_type = '2', false) as is_wecom_user,
        added_at,
        case add_way
            when 1 then 'qr_code'
            when 2 then 'phone_search'
            when 3 then 'card'
            when 4 then 'group_chat'
            when 5 then 'phone_contacts'
            when 6 then 'wechat_contacts'
            when 7 then 'friend_request'
            when 8 then 'third_party_service'
            when 9 then 'email'
            when 201 then 'shared_by_colleague'
            when 202 then 'assigned_by_admin'
            else 'unknown'
        end as add_method,
        added_by,
        channel_code,
        tags,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_wecom__customers
