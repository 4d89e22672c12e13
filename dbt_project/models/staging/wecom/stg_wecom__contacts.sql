-- One row per contact that an employee added, from the admin console, in its highest delivered version.
-- Trap: the console names customers, and names are no key: count rows by employee and day, and join them with nothing.
{{ config(materialized='view') }}

with latest as (
    {{ latest_delivered('wecom', 'contacts', key=['shop_id', 'employee_id', 'added_at', 'line_position']) }}
),

stg_wecom__contacts as (
    select
        'wecom' as platform,
        latest.shop_id,
        latest.employee_id,
        latest.added_at,
        latest.line_position,
        cast(latest.added_at as date) as added_date,
        latest.department,
        latest.source,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_wecom__contacts
