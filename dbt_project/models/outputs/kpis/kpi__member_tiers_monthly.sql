-- One row per month with business days asked for, platform, level and tenure, as of the last of its days: members and what they
-- bought in the month.
-- Trap: who is a member in several shops of a platform counts once, with the membership that began first; purchases are those
-- on the platform, gross, in the month up to the day. Levels are those of the day; the first that is told counts
-- from joining on, and `unknown` is of whom none is told.
{{ table_by_day(days='int_months_fingerprinted') }}

with due_days as (
    {{ due_days('int_months_fingerprinted') }}
),

members as (
    select * from {{ ref('members') }}
),

membership_levels as (
    select * from {{ ref('membership_levels') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where is_valid and customer_key is not null
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed = 'orders'
),

memberships as (
    select
        due_days.as_of_date,
        members.platform,
        members.customer_key,
        members.membership_key,
        {{ days_between('members.joined_date', 'due_days.as_of_date') }} as member_days,
        row_number() over (
            partition by due_days.as_of_date, members.platform, members.customer_key
            order by members.joined_date asc, members.membership_key asc
        ) as place
    from due_days
    inner join members on {{ holds_on('due_days.as_of_date', 'members', 'joined_date', 'left_date') }}
    where members.customer_key is not null
),

{% set tenures = var('member_tenure_days') -%}
tiers as (
    select
        memberships.as_of_date,
        memberships.platform,
        memberships.customer_key,
        coalesce(membership_levels.member_level, 'unknown') as member_level,
        case
            {%- for days in tenures | sort(reverse=true) %}
            when memberships.member_days >= {{ days }} then {{ days }}
            {%- endfor %}
            else 0
        end as from_member_days
    from memberships
    left join membership_levels
        on
            memberships.membership_key = membership_levels.membership_key
            and {{ holds_on('memberships.as_of_date', 'membership_levels') }}
    where memberships.place = 1
),

purchases as (
    select
        due_days.as_of_date,
        order_lines.platform,
        order_lines.customer_key,
        count(distinct order_lines.order_key) as order_count,
        sum(order_lines.paid_amount) as paid_amount
    from due_days
    inner join order_lines
        on
            due_days.as_of_date >= order_lines.paid_date
            and cast(date_trunc('month', due_days.as_of_date) as date) <= order_lines.paid_date
    group by due_days.as_of_date, order_lines.platform, order_lines.customer_key
),

-- What is bought where no feed tells of orders by the day is unknown.
counted as (
    select
        tiers.as_of_date,
        tiers.platform,
        tiers.member_level,
        cast(tiers.from_member_days as bigint) as from_member_days,
        count(*) as member_count,
        case when count(feeds.platform) > 0 then count(purchases.customer_key) end as buyer_count,
        cast(sum(case when feeds.platform is not null then coalesce(purchases.order_count, 0) end) as bigint) as order_count,
        cast(sum(case when feeds.platform is not null then coalesce(purchases.paid_amount, 0) end) as decimal(18, 2))
            as paid_amount
    from tiers
    left join purchases
        on
            tiers.as_of_date = purchases.as_of_date
            and tiers.platform = purchases.platform
            and tiers.customer_key = purchases.customer_key
    left join feeds
        on tiers.platform = feeds.platform and {{ holds_on('tiers.as_of_date', 'feeds', 'begun_date', 'silent_date') }}
    group by tiers.as_of_date, tiers.platform, tiers.member_level, tiers.from_member_days
)

select
    as_of_date,
    platform,
    member_level,
    from_member_days,
    member_count,
    buyer_count,
    {{ ratio('buyer_count', 'member_count') }} as buyer_ratio,
    order_count,
    paid_amount,
    {{ yuan(ratio('paid_amount', 'order_count')) }} as amount_per_order,
    case when buyer_count is null then 'orders' end as missing_feeds
from counted
