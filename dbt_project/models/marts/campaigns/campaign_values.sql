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
        value as list_of_values,
        {{ split_rows('value') }} as value
    from parameters
),

placed as (
    select
        campaign_id,
        parameter,
        trim(value) as value,
        min(instr(';' || list_of_values || ';', ';' || value || ';')) as place
    from split
    where trim(value) <> ''
    group by campaign_id, parameter, trim(value)
)

select
    campaign_id,
    parameter,
    value,
    row_number() over (partition by campaign_id, parameter order by place asc, value asc) as position
from placed
