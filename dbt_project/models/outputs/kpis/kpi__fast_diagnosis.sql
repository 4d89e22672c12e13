-- One row per diagnosed day, comparison, letter of FAST, dimension and value: what these customers add to the letter's change.
-- Trap: only the last business day of each month and of each promotion is here. Contributions of one dimension sum to the
-- change; those of two tell it twice. They are null where a feed began or ended since: see `incomparable_reason`.
with segments as (
    select * from {{ ref('fast_segments_compared') }}
),

feeds as (
    select * from {{ ref('feeds') }}
    where feed in ('orders', 'members')
),

-- A and T look back a period themselves.
windows as (
    select
        as_of_date,
        comparison,
        letter,
        case
            when letter in ('A', 'T') then {{ days_before('compared_date', var('fast_period_days')) }}
            else compared_date
        end as told_since
    from segments
    group by as_of_date, comparison, letter, compared_date
),

reasons as (
    select
        windows.as_of_date,
        windows.comparison,
        windows.letter,
        case
            when
                min(feeds.begun_date) is null or min(feeds.begun_date) > windows.told_since
                then 'nothing told of the earlier day'
            when not bool_or({{ holds_on('windows.as_of_date', 'feeds', 'begun_date', 'ended_date') }})
                then 'nothing told of the diagnosed day'
            when
                max(case when feeds.ended_date <= windows.as_of_date then feeds.ended_date else feeds.begun_date end)
                > windows.told_since
                then 'other feeds told of the earlier day'
        end as incomparable_reason
    from windows
    left join feeds on windows.as_of_date >= feeds.begun_date
    group by windows.as_of_date, windows.comparison, windows.letter, windows.told_since
),

totals as (
    select
        segments.*,
        coalesce(
            reasons.incomparable_reason,
            case
                when segments.numerator_now is null or segments.numerator_before is null then 'nothing told of the diagnosed day'
            end
        ) as incomparable_reason,
        segments.letter in ('A', 'T') as is_ratio,
        cast(sum(segments.numerator_now) over whole as double) as total_numerator_now,
        cast(sum(segments.denominator_now) over whole as double) as total_denominator_now,
        cast(sum(segments.numerator_before) over whole as double) as total_numerator_before,
        cast(sum(segments.denominator_before) over whole as double) as total_denominator_before
    from segments
    inner join reasons
        on
            segments.as_of_date = reasons.as_of_date
            and segments.comparison = reasons.comparison
            and segments.letter = reasons.letter
    window whole as (partition by segments.as_of_date, segments.comparison, segments.letter, segments.dimension)
),

-- A value that nobody has on one of the days has the rate of the other: all it adds is its weight.
rated as (
    select
        *,
        {{ ratio('denominator_now', 'total_denominator_now') }} as weight_now,
        {{ ratio('denominator_before', 'total_denominator_before') }} as weight_before,
        coalesce(
            {{ ratio('numerator_now', 'denominator_now') }}, {{ ratio('numerator_before', 'denominator_before') }}, 0
        ) as rate_now,
        coalesce({{ ratio('numerator_before', 'denominator_before') }}, {{ ratio('numerator_now', 'denominator_now') }}, 0)
            as rate_before
    from totals
),

split as (
    select
        *,
        case
            when is_ratio and incomparable_reason is null
                then {{ plain_zero('(weight_now + weight_before) / 2 * (rate_now - rate_before)') }}
        end as rate_effect,
        case
            when is_ratio and incomparable_reason is null
                then {{ plain_zero('(rate_now + rate_before) / 2 * (weight_now - weight_before)') }}
        end as mix_effect,
        case when not is_ratio and incomparable_reason is null then cast(numerator_now - numerator_before as double) end
            as count_effect
    from rated
)

select
    as_of_date,
    comparison,
    compared_date,
    letter,
    dimension,
    dimension_value,
    numerator_now,
    denominator_now,
    numerator_before,
    denominator_before,
    rate_effect,
    mix_effect,
    coalesce(count_effect, rate_effect + mix_effect) as contribution,
    case
        when is_ratio then {{ ratio('total_numerator_now', 'total_denominator_now') }} else total_numerator_now
    end as letter_now,
    case
        when incomparable_reason is null
            then case
                when is_ratio then {{ ratio('total_numerator_before', 'total_denominator_before') }} else total_numerator_before
            end
    end as letter_before,
    incomparable_reason
from split
