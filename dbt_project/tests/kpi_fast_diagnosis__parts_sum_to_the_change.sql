-- The contributions of a dimension's values sum to the change of the letter, and the letter is that of the day: F of days
-- on which no feed had fallen silent before this was known. The values hold all members, and all customers with a state, once.
{{ config(meta={'dagster': {'ref': {'name': 'kpi__fast_diagnosis'}}}) }}

with changes as (
    select
        as_of_date,
        comparison,
        letter,
        dimension,
        min(letter_now) as letter_now,
        min(letter_now) - min(letter_before) as letter_change,
        sum(contribution) as contribution,
        sum(numerator_now) as numerator_now
    from {{ ref('kpi__fast_diagnosis') }}
    group by as_of_date, comparison, letter, dimension
),

kpi__fast_daily as (
    select * from {{ ref('kpi__fast_daily') }}
    where {{ is_of_todays_logic('as_of_date', ['kpi__fast_daily']) }}
),

silent_days as (
    select kpi__fast_daily.as_of_date
    from kpi__fast_daily
    inner join {{ ref('feeds') }} as feeds
        on kpi__fast_daily.as_of_date >= feeds.ended_date and kpi__fast_daily.as_of_date < feeds.silent_date
    where feeds.feed in ('orders', 'members')
    group by kpi__fast_daily.as_of_date
)

select changes.*
from changes
left join kpi__fast_daily on changes.as_of_date = kpi__fast_daily.as_of_date
left join silent_days on changes.as_of_date = silent_days.as_of_date
where
    abs(changes.contribution - changes.letter_change) > 0.000000001
    or (changes.letter in ('F', 'S') and changes.numerator_now <> changes.letter_now)
    or abs(
        changes.letter_now - case changes.letter
            when 'F' then case when silent_days.as_of_date is null then kpi__fast_daily.fertility_count end
            when 'A' then kpi__fast_daily.advancing_ratio
            when 'S' then kpi__fast_daily.superiority_count
            else kpi__fast_daily.thriving_ratio
        end
    ) > 0.000000001
