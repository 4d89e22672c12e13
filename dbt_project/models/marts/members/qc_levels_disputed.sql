-- One row per delivered row that says another level of an account than a second one does of the same moment.
-- Trap: the row that counts (`is_counted`) is the highest version: the later delivery, then the content.
{{ renewed_table('forget_touched()') }}

with matched as (
    select * from {{ ref('int_levels_matched') }}
    where {{ is_touched() }}
),

compared as (
    select
        *,
        min(coalesce(member_level, '')) over moment as least_level,
        max(coalesce(member_level, '')) over moment as greatest_level,
        row_number() over (
            partition by account_key, membership_key, stated_at
            order by delivered_date desc, content_hash desc, line_number desc
        ) as version_rank
    from matched
    window moment as (partition by account_key, membership_key, stated_at)
)

select
    account_key,
    customer_key,
    platform,
    shop_id,
    membership_key,
    stated_at,
    member_level,
    version_rank = 1 as is_counted,
    delivered_date,
    content_hash,
    line_number
from compared
where least_level <> greatest_level
