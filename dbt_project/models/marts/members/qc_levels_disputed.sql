-- One row per delivered row that says another level of an account than a second one does of the same moment.
-- Trap: a number that nothing names contradicts other numbers and no name. The row that counts (`is_counted`) is a name before
-- such a number, then the highest version: the later delivery, then the content.
{{ renewed_table('forget_touched()') }}

with matched as (
    select * from {{ ref('int_levels_matched') }}
    where {{ is_touched() }}
),

ranked as (
    {{ ranked_levels('matched') }}
),

-- That an account is no member contradicts both.
told as (
    select
        *,
        case when not is_unnamed then coalesce(member_level, '') end as level_name,
        case when is_unnamed or member_level is null then coalesce(member_level, '') end as level_number
    from ranked
),

compared as (
    select
        *,
        min(level_name) over moment <> max(level_name) over moment as is_name_disputed,
        min(level_number) over moment <> max(level_number) over moment as is_number_disputed
    from told
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
where (is_name_disputed and level_name is not null) or (is_number_disputed and level_number is not null)
