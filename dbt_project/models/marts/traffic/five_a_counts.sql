-- One row per day and stage of 5A: how many persons the platforms count in it.
-- Trap: who is known to two platforms or shops counts for each. A4 and A5 are the platforms' own and not those of
-- `kpi__five_a_daily`, which are read from orders.
with counts as (
    select * from {{ ref('stg_generic__five_a_counts') }}
)

select
    counted_date,
    stage,
    cast(sum(person_count) as bigint) as person_count
from counts
group by counted_date, stage
