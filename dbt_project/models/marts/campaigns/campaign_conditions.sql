-- One row per campaign with a filter, group of conditions, condition and value.
-- Trap: all conditions of a group must hold, any group suffices; of several values of one condition any does.
with parameters as (
    select * from {{ ref('campaign_parameters') }}
    where value_type = 'filter' and value is not null
),

groups as (
    select
        campaign_id,
        {{ json_rows('value') }} as conditions
    from parameters
),

conditions as (
    select
        campaign_id,
        conditions,
        {{ json_rows('conditions') }} as condition_text
    from groups
),

campaign_conditions as (
    select
        campaign_id,
        conditions,
        condition_text,
        {{ json_item('condition_text', 0) }} as fact,
        {{ json_item('condition_text', 1) }} as operator,
        {{ json_rows(json_item('condition_text', 2)) }} as value
    from conditions
)

select
    campaign_id,
    cast(dense_rank() over (partition by campaign_id order by conditions) as bigint) as group_number,
    cast(dense_rank() over (partition by campaign_id, conditions order by condition_text) as bigint) as condition_number,
    conditions,
    fact,
    operator,
    value
from campaign_conditions
