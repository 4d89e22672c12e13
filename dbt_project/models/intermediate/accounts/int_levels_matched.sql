-- One row per delivered row that says an account's level, with the membership it speaks of.
-- Trap: where the export does not say when somebody joined, a level outside every membership stands for itself.
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

int_levels_matched as (
    select
        levels.account_key,
        coalesce(accounts.customer_key, levels.account_key) as customer_key,
        levels.platform,
        levels.shop_id,
        memberships.membership_key,
        cast(memberships.joined_at as date) as joined_date,
        cast(memberships.left_at as date) as left_date,
        levels.member_level,
        levels.stated_at,
        levels.delivered_date,
        levels.content_hash,
        levels.line_number
    from levels
    left join memberships
        on
            levels.account_key = memberships.account_key
            and (
                levels.joined_at = memberships.joined_at
                or (
                    levels.joined_at is null
                    and cast(memberships.joined_at as date) <= cast(levels.stated_at as date)
                    and (memberships.left_at is null or cast(memberships.left_at as date) > cast(levels.stated_at as date))
                )
            )
    left join accounts on levels.account_key = accounts.account_key
    where memberships.membership_key is not null or not levels.is_joining_known
)

select * from int_levels_matched
