-- One row per platform account, with the customer it belongs to.
{{ config(post_hook="{{ remember_moved_accounts() }}") }}

with accounts as (
    select * from {{ ref('int_accounts_unioned') }}
)

select
    account_key,
    platform,
    shop_id,
    account_id,
    customer_key,
    first_seen_date
from accounts
