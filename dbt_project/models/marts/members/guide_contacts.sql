-- One row per customer account and employee (guide) who are WeCom friends, or were.
-- Trap: a customer of several guides has several rows; an employee's own deleting ends the contact as the customer's does, but
-- only the latter is a loss (`removed_by`).
with contacts as (
    select * from {{ ref('stg_wecom__customers') }}
    where added_at is not null
),

events as (
    select * from {{ ref('stg_wecom__customer_events') }}
    where event_kind in ('deleted_by_customer', 'deleted_by_employee')
),

accounts as (
    select * from {{ ref('customer_accounts') }}
),

removals as (
    select
        contacts.account_key,
        contacts.employee_id,
        events.occurred_at,
        events.event_kind,
        row_number() over (
            partition by contacts.account_key, contacts.employee_id
            order by events.occurred_at asc, events.event_kind asc
        ) as removal_rank
    from contacts
    inner join events
        on
            contacts.account_key = events.account_key
            and contacts.employee_id = events.employee_id
            and contacts.added_at <= events.occurred_at
)

select
    {{ surrogate_key(['contacts.account_key', 'contacts.employee_id']) }} as contact_key,
    contacts.account_key,
    accounts.customer_key,
    contacts.shop_id,
    contacts.employee_id as guide_id,
    contacts.added_at,
    cast(contacts.added_at as date) as added_date,
    contacts.add_method,
    removals.occurred_at as removed_at,
    cast(removals.occurred_at as date) as removed_date,
    case removals.event_kind
        when 'deleted_by_customer' then 'customer'
        when 'deleted_by_employee' then 'guide'
    end as removed_by,
    contacts.content_hash
from contacts
left join accounts on contacts.account_key = accounts.account_key
left join removals
    on
        contacts.account_key = removals.account_key
        and contacts.employee_id = removals.employee_id
        and removals.removal_rank = 1
