-- One row per stay of an account in a group: from joining until leaving.
-- Trap: WeCom's lists never say who left: who is missing from the group's next list had left by its day. Staff are not here.
with stays as (
    select * from {{ ref('int_group_stays_dated') }}
)

select
    stay_key,
    account_key,
    customer_key,
    platform,
    shop_id,
    group_id,
    joined_at,
    cast(joined_at as date) as joined_date,
    left_at,
    cast(left_at as date) as left_date,
    content_hash
from stays
