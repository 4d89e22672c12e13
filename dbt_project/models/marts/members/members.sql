-- One row per membership period of a customer in a shop's programme.
-- Trap: a customer who left and came back has two rows; `left_at` null means still a member.
{{ renewed_table('forget_touched()') }}

with memberships as (
    select * from {{ ref('int_memberships_unioned') }}
    where {{ is_touched() }}
)

select
    membership_key,
    customer_key,
    platform,
    shop_id,
    joined_at,
    cast(joined_at as date) as joined_date,
    join_channel,
    join_touchpoint,
    left_at,
    cast(left_at as date) as left_date,
    member_level,
    points_balance,
    content_hash
from memberships
