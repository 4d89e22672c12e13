-- One row per anchor's shift (主播班次) of the brand's own table: the live account it is of, and when it was over.
-- Trap: a shift is over when the next one of its account begins, whatever its own end: so no sale is in two shifts.
-- `shift_rule` says what is wrong with a row of the table; the row itself is `line_number` of `content_hash`.
with shifts as (
    select * from {{ ref('stg_generic__anchor_shifts') }}
),

influencers as (
    select * from {{ ref('influencers') }}
),

sales as (
    select
        platform,
        shop_id,
        influencer_key
    from {{ ref('influencer_sales_daily') }}
    group by platform, shop_id, influencer_key
),

accounts as (
    select
        sales.platform,
        sales.shop_id,
        sales.influencer_key,
        influencers.influencer_id,
        influencers.author_number
    from sales
    inner join influencers on sales.influencer_key = influencers.influencer_key
),

-- An id goes before the 抖音号 of somebody else.
named as (
    select
        shifts.shift_key,
        accounts.influencer_key,
        row_number() over (
            partition by shifts.shift_key
            order by (shifts.live_account = accounts.influencer_id) desc, accounts.influencer_key asc
        ) as match_rank
    from shifts
    inner join accounts
        on
            shifts.platform = accounts.platform
            and shifts.shop_id = accounts.shop_id
            and (shifts.live_account = accounts.influencer_id or shifts.live_account = accounts.author_number)
),

followed as (
    select
        shifts.*,
        named.influencer_key,
        lead(shifts.started_at) over (
            partition by
                shifts.platform,
                shifts.shop_id,
                named.influencer_key,
                case when named.influencer_key is null then shifts.live_account end
            order by shifts.started_at, shifts.shift_key
        ) as next_started_at
    from shifts
    left join named on shifts.shift_key = named.shift_key and named.match_rank = 1
),

settled as (
    select
        *,
        case when next_started_at < ended_at then next_started_at else ended_at end as over_at
    from followed
)

select
    shift_key,
    platform,
    shop_id,
    live_account,
    influencer_key,
    anchor,
    cast(started_at as date) as shift_date,
    started_at,
    ended_at,
    over_at,
    cast(
        (
            86400 * {{ days_between('cast(started_at as date)', 'cast(over_at as date)') }}
            + 3600 * (extract(hour from over_at) - extract(hour from started_at))
            + 60 * (extract(minute from over_at) - extract(minute from started_at))
            + extract(second from over_at) - extract(second from started_at)
        ) / 3600 as decimal(9, 4)
    ) as on_air_hours,
    case
        when influencer_key is null then 'unknown_live_account'
        when over_at < ended_at then 'overlaps_the_next_shift'
    end as shift_rule,
    content_hash,
    line_number
from settled
