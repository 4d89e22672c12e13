-- One row per account and period [valid_from, valid_to) in which a programme held it at one level.
-- Trap: the first level that is told of a membership counts from joining on: `stated_at` says since when it is known. Tmall's
-- members of whom nobody says when they joined are here without a membership.
{{ renewed_table('forget_touched()') }}

with levels as (
    select * from {{ ref('int_membership_levels_dated') }}
    where {{ is_touched() }}
)

select
    account_key,
    customer_key,
    platform,
    shop_id,
    membership_key,
    member_level,
    valid_from,
    valid_to,
    stated_at,
    content_hash,
    line_number
from levels
where member_level is not null
