-- One row per change between a WeCom customer and an employee, in its highest delivered version.
-- Trap: only deleted_by_customer (del_follow_user) is a loss; deleted_by_employee is the employee's own doing.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('wecom', 'customer_events', key=['shop_id', 'account_id', 'employee_id', 'event_type', 'occurred_at']) }}
),

stg_wecom__customer_events as (
    select
        {{ surrogate_key(["'wecom'", 'shop_id', 'account_id']) }} as account_key,
        'wecom' as platform,
        shop_id,
        account_id,
        employee_id,
        event_type,
        case event_type
            when 'add_external_contact' then 'added'
            when 'add_half_external_contact' then 'added_one_way'
            when 'edit_external_contact' then 'edited'
            when 'del_external_contact' then 'deleted_by_employee'
            when 'del_follow_user' then 'deleted_by_customer'
            when 'transfer_fail' then 'transfer_failed'
            else 'other'
        end as event_kind,
        occurred_at,
        channel_code,
        source,
        fail_reason,
        versioned_at,
        delivered_date,
        content_hash,
        line_number
    from latest
)

select * from stg_wecom__customer_events
