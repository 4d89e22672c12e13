-- One row per campaign and parameter of its template: what the plan says, else the default.
-- Trap: values are text; `campaigns` gives them types, `campaign_values` splits those that are lists.
with campaigns as (
    select * from {{ ref('stg_generic__campaigns') }}
),

parameters as (
    select * from {{ ref('audience_parameters') }}
),

stated as (
    select
        campaigns.campaign_id,
        parameters.template,
        parameters.parameter,
        parameters.value_type,
        parameters.default_value,
        case parameters.parameter
            when 'priority' then cast(campaigns.priority as varchar)
            when 'holdout_ratio' then cast(campaigns.holdout_ratio as varchar)
            when 'filter' then campaigns.filter
            else {{ json_text_of('campaigns.parameters', 'parameters.parameter') }}
        end as stated_value
    from campaigns
    inner join parameters on campaigns.template = parameters.template
)

select
    campaign_id,
    template,
    parameter,
    value_type,
    coalesce(nullif(trim(stated_value), ''), nullif(default_value, '')) as value,
    nullif(trim(stated_value), '') is null as is_default
from stated
