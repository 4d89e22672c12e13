-- One row per influencer (达人), own accounts included.
-- Trap: nicknames change; the brand's list names first, else the latest order does. An own account is also a 达人ID.
with order_lines as (
    select
        order_line_key,
        influencer_key,
        platform,
        order_line_id,
        influencer_id,
        influencer_name,
        created_at
    from {{ ref('int_order_lines_unioned') }}
    where influencer_key is not null
),

listed as (
    select * from {{ ref('stg_generic__influencers') }}
),

alliance_orders as (
    select * from {{ ref('stg_douyin__alliance_orders') }}
),

seen as (
    select
        influencer_key,
        min(platform) as platform,
        min(influencer_id) as influencer_id,
        max(case when influencer_name is not null then created_at end) as named_at
    from order_lines
    group by influencer_key
),

-- Only the lines of the last moment are put in order: nearly always one.
namings as (
    select
        order_lines.influencer_key,
        order_lines.influencer_name,
        row_number() over (
            partition by order_lines.influencer_key
            order by order_lines.created_at desc, order_lines.order_line_key desc
        ) as recency_rank
    from order_lines
    inner join seen
        on
            order_lines.influencer_key = seen.influencer_key
            and order_lines.created_at = seen.named_at
    where order_lines.influencer_name is not null
),

sightings as (
    select
        seen.influencer_key,
        seen.platform,
        seen.influencer_id,
        namings.influencer_name
    from seen
    left join namings
        on
            seen.influencer_key = namings.influencer_key
            and namings.recency_rank = 1
),

author_numbers as (
    select
        order_lines.influencer_key,
        max(alliance_orders.author_number) as author_number
    from order_lines
    inner join alliance_orders
        on
            order_lines.platform = alliance_orders.platform
            and order_lines.order_line_id = alliance_orders.order_line_id
    group by order_lines.influencer_key
),

listed_ranked as (
    select
        sightings.influencer_key,
        listed.influencer_name,
        listed.is_own_account,
        listed.follower_count,
        listed.category,
        row_number() over (
            partition by sightings.influencer_key
            order by (listed.platform = sightings.platform) desc, listed.platform asc
        ) as match_rank
    from sightings
    inner join listed
        on
            sightings.influencer_id = listed.influencer_id
            and (listed.platform = sightings.platform or listed.platform = 'generic')
),

never_sold as (
    select
        {{ surrogate_key(['listed.platform', 'listed.influencer_id']) }} as influencer_key,
        listed.platform,
        listed.influencer_id,
        listed.influencer_name,
        listed.is_own_account,
        listed.follower_count,
        listed.category
    from listed
    left join sightings
        on
            listed.influencer_id = sightings.influencer_id
            and (listed.platform = sightings.platform or listed.platform = 'generic')
    where sightings.influencer_key is null
)

select
    sightings.influencer_key,
    sightings.platform,
    sightings.influencer_id,
    coalesce(listed_ranked.influencer_name, sightings.influencer_name) as influencer_name,
    listed_ranked.influencer_name as listed_name,
    coalesce(listed_ranked.is_own_account, false) as is_own_account,
    author_numbers.author_number,
    cast(listed_ranked.follower_count as bigint) as follower_count,
    listed_ranked.category
from sightings
left join listed_ranked
    on
        sightings.influencer_key = listed_ranked.influencer_key
        and listed_ranked.match_rank = 1
left join author_numbers on sightings.influencer_key = author_numbers.influencer_key

union all

select
    influencer_key,
    platform,
    influencer_id,
    influencer_name,
    influencer_name as listed_name,
    is_own_account,
    cast(null as varchar) as author_number,
    cast(follower_count as bigint) as follower_count,
    category
from never_sold
