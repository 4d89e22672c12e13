-- One row per campaign, business day and customer who is a member and has no valid order ever.
-- Trap: tier high is who is in a group: they come first where the money does not reach for all.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('festival_members_without_purchase') }}
),

campaign_values as (
    select * from {{ ref('campaign_values') }}
),

members as (
    select * from {{ ref('members') }}
),

group_memberships as (
    select * from {{ ref('group_memberships') }}
),

int_purchase_days_valued as (
    select * from {{ ref('int_purchase_days_valued') }}
),

current_members as (
    select
        runs.campaign_id,
        runs.as_of_date,
        members.customer_key,
        min(members.joined_date) as joined_date
    from runs
    inner join members
        on
            {{ holds_on('runs.as_of_date', 'members', 'joined_date', 'left_date') }}
    group by runs.campaign_id, runs.as_of_date, members.customer_key
),

groups_of_campaigns as (
    select
        campaign_id,
        value as group_id
    from campaign_values
    where parameter = 'group_ids'
),

people_in_groups as (
    select
        runs.campaign_id,
        runs.as_of_date,
        group_memberships.customer_key,
        min(group_memberships.group_id) as group_id
    from runs
    inner join group_memberships
        on
            {{ holds_on('runs.as_of_date', 'group_memberships', 'joined_date', 'left_date') }}
    left join groups_of_campaigns as named
        on
            runs.campaign_id = named.campaign_id
            and group_memberships.group_id = named.group_id
    where
        group_memberships.customer_key is not null
        and (
            named.group_id is not null
            or runs.campaign_id not in (select groups_of_campaigns.campaign_id from groups_of_campaigns)
        )
    group by runs.campaign_id, runs.as_of_date, group_memberships.customer_key
)

select
    runs.campaign_id,
    runs.as_of_date,
    current_members.customer_key,
    runs.template,
    case when people_in_groups.customer_key is not null then 'high' else 'standard' end as tier,
    'member since ' || cast(current_members.joined_date as varchar) || ' without an order'
    || coalesce(', in group ' || people_in_groups.group_id, '') as reason,
    cast(null as varchar) as recommended_product_id,
    runs.priority,
    case when people_in_groups.customer_key is not null then 'in_group' else 'not_in_group' end as segment,
    cast(null as varchar) as variant,
    cast(null as varchar) as channel,
    cast(null as varchar) as guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from runs
inner join current_members
    on
        runs.campaign_id = current_members.campaign_id
        and runs.as_of_date = current_members.as_of_date
left join people_in_groups
    on
        current_members.campaign_id = people_in_groups.campaign_id
        and current_members.as_of_date = people_in_groups.as_of_date
        and current_members.customer_key = people_in_groups.customer_key
where
    not exists (
        select 1
        from int_purchase_days_valued
        where
            int_purchase_days_valued.customer_key = current_members.customer_key
            and int_purchase_days_valued.paid_date <= current_members.as_of_date
    )
