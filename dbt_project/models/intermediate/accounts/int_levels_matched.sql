-- One row per delivered row that says an account's level, with the membership it speaks of.
-- Trap: where the export does not say when somebody joined, a level outside every membership stands for itself. A number
-- alone has the name that rows of its account gave it last before, else first after; without one it is unnamed.
{{ config(materialized='view') }}

with levels as (
    select * from {{ ref('stg_members__levels') }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
),

accounts as (
    select * from {{ ref('int_accounts_resolved') }}
),

numbered_accounts as (
    select account_key from levels
    where level_number = member_level
    group by account_key
),

versioned_names as (
    select
        levels.account_key,
        levels.level_number,
        levels.stated_at,
        levels.content_hash,
        levels.line_number,
        case when levels.level_number <> levels.member_level then levels.member_level end as level_name,
        case
            when levels.level_number <> levels.member_level
                then concat_ws('|', levels.stated_at, levels.delivered_date, levels.content_hash, levels.line_number)
        end as version
    from levels
    inner join numbered_accounts on levels.account_key = numbered_accounts.account_key
    where levels.level_number is not null
),

names as (
    select
        account_key,
        content_hash,
        line_number,
        coalesce(
            max_by(level_name, version) over (partition by account_key, level_number order by stated_at),
            min_by(level_name, version) over (partition by account_key, level_number)
        ) as level_name
    from versioned_names
),

-- By itself, since an outer join by more than equal keys compares everything with everything.
levels_of_stays as (
    select
        levels.account_key,
        levels.content_hash,
        levels.line_number,
        memberships.membership_key,
        memberships.joined_at,
        memberships.left_at
    from levels
    inner join memberships
        on
            levels.account_key = memberships.account_key
            and (
                levels.joined_at = memberships.joined_at
                or (levels.joined_at is null and {{ is_of_stay('levels', 'memberships') }})
            )
),

int_levels_matched as (
    select
        levels.account_key,
        coalesce(accounts.customer_key, levels.account_key) as customer_key,
        levels.platform,
        levels.shop_id,
        levels_of_stays.membership_key,
        cast(levels_of_stays.joined_at as date) as joined_date,
        cast(levels_of_stays.left_at as date) as left_date,
        case
            when levels.level_number = levels.member_level then coalesce(names.level_name, levels.member_level)
            else levels.member_level
        end as member_level,
        coalesce(levels.level_number = levels.member_level, false) as is_numbered,
        coalesce(levels.level_number = levels.member_level, false) and names.level_name is null as is_unnamed,
        levels.stated_at,
        levels.delivered_date,
        levels.content_hash,
        levels.line_number
    from levels
    left join levels_of_stays
        on
            levels.account_key = levels_of_stays.account_key
            and levels.content_hash = levels_of_stays.content_hash
            and levels.line_number = levels_of_stays.line_number
    left join accounts on levels.account_key = accounts.account_key
    left join names
        on
            levels.account_key = names.account_key
            and levels.content_hash = names.content_hash
            and levels.line_number = names.line_number
    where levels_of_stays.membership_key is not null or not levels.is_joining_known
)

select * from int_levels_matched
