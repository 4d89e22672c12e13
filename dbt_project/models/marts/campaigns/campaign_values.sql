-- One row per campaign, list parameter and value in it.
-- Trap: a list that is neither stated nor defaulted has no row: its template says what that means.
with parameters as (
    select * from {{ ref('campaign_parameters') }}
    where value_type = 'list'
),

split as (
    select
        campaign_id,
        parameter,
        {{ split_rows('value') }} as value
    from parameters
)

select
    campaign_id,
    parameter,
    trim(value) as value
from split
where trim(value) <> ''
group by campaign_id, parameter, trim(value)
