-- One row per account and period [valid_from, valid_to) with one level.
-- Trap: the first level that is told of a membership counts from joining on; of a day the last one said counts, and of one
-- moment a name before a number that nothing names, then the highest version. A row without a level says that the account was
-- no member then.
{{ renewed_table('forget_touched()') }}

with matched as (
    select * from {{ ref('int_levels_matched') }}
    where {{ is_touched() }}
),

ranked as (
    {{ ranked_levels('matched') }}
),

dated as (
    select
        *,
        cast(stated_at as date) as stated_date
    from ranked
    where version_rank = 1
),

begun as (
    select
        *,
        case
            when lag(stated_at) over (partition by account_key, membership_key order by stated_at) is null
                then coalesce(joined_date, stated_date)
            else greatest(stated_date, joined_date)
        end as valid_from
    from dated
),

last_of_day as (
    select
        *,
        row_number() over (
            partition by account_key, membership_key, valid_from
            order by stated_at desc, content_hash desc
        ) as day_rank
    from begun
),

followed as (
    select
        *,
        lag(valid_from) over stay as earlier_from,
        lag(member_level) over stay as earlier_level
    from last_of_day
    where day_rank = 1 and (left_date is null or valid_from < left_date)
    window stay as (partition by account_key, membership_key order by valid_from)
),

periods as (
    select
        *,
        least(
            lead(valid_from) over (partition by account_key order by valid_from, stated_at),
            left_date
        ) as valid_to
    from followed
    where earlier_from is null or coalesce(earlier_level, '') <> coalesce(member_level, '')
),

int_membership_levels_dated as (
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
    from periods
    where valid_to is null or valid_from < valid_to
)

select * from int_membership_levels_dated
