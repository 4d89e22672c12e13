-- One row per business day asked for: the F A S T figures as far as the feeds can see them.
-- Trap: exports show buyers and members, not browsing: A (aware) is invisible and I (interested) is only "joined lately". F is
-- therefore an observable F; read it beside `feeds`, and draw no trend across a change of feeds. Own definition where marked.
{{ table_by_day() }}

with due_days as (
    {{ due_days() }}
),

int_customers_classified as (
    select * from {{ ref('int_customers_classified') }}
),

int_customers_deepened as (
    select * from {{ ref('int_customers_deepened') }}
),

int_memberships_merged as (
    select * from {{ ref('int_memberships_merged') }}
),

int_members_activated as (
    select * from {{ ref('int_members_activated') }}
),

int_purchase_days_valued as (
    select * from {{ ref('int_purchase_days_valued') }}
),

members as (
    select * from {{ ref('members') }}
),

periods as (
    select
        case level when 1 then 'interested' when 2 then 'purchased' else 'loyal' end as measure,
        valid_from,
        valid_to
    from int_customers_classified
    union all
    select
        'deepening_base' as measure,
        {{ days_after('valid_from', var('fast_period_days')) }} as valid_from,
        {{ days_after('valid_to', var('fast_period_days')) }} as valid_to
    from int_customers_classified
    union all
    select
        'deepened' as measure,
        valid_from,
        valid_to
    from int_customers_deepened
    union all
    select
        'member' as measure,
        valid_from,
        valid_to
    from int_memberships_merged
    union all
    select
        'active_member' as measure,
        valid_from,
        valid_to
    from int_members_activated
),

changes as (
    select
        measure,
        valid_from as changed_date,
        count(*) as customer_count
    from periods
    group by measure, valid_from
    union all
    select
        measure,
        valid_to as changed_date,
        -count(*) as customer_count
    from periods
    where valid_to is not null
    group by measure, valid_to
),

-- Who is in a state on a day: those who came into it up to the day, less those who left it.
counts as (
    select
        due_days.as_of_date,
        sum(case when changes.measure = 'interested' then changes.customer_count else 0 end) as interested_count,
        sum(case when changes.measure = 'purchased' then changes.customer_count else 0 end) as purchased_count,
        sum(case when changes.measure = 'loyal' then changes.customer_count else 0 end) as loyal_count,
        sum(case when changes.measure = 'deepened' then changes.customer_count else 0 end) as deepened_count,
        sum(case when changes.measure = 'deepening_base' then changes.customer_count else 0 end) as deepening_base_count,
        sum(case when changes.measure = 'member' then changes.customer_count else 0 end) as member_count,
        sum(case when changes.measure = 'active_member' then changes.customer_count else 0 end) as active_member_count
    from due_days
    left join changes on due_days.as_of_date >= changes.changed_date
    group by due_days.as_of_date
),

feeds_begun as (
    select
        counts.*,
        coalesce(counts.as_of_date >= (select min(int_purchase_days_valued.paid_date) from int_purchase_days_valued), false)
            as has_orders,
        coalesce(counts.as_of_date >= (select min(members.joined_date) from members), false) as has_members
    from counts
)

select
    as_of_date,
    cast(interested_count + purchased_count + loyal_count as bigint) as fertility_count,
    cast(interested_count as bigint) as interested_count,
    cast(purchased_count as bigint) as purchased_count,
    cast(loyal_count as bigint) as loyal_count,
    cast(deepened_count as bigint) as deepened_count,
    cast(deepening_base_count as bigint) as deepening_base_count,
    {{ ratio('deepened_count', 'deepening_base_count') }} as advancing_ratio,
    case when has_members then cast(member_count as bigint) end as superiority_count,
    case when has_members then cast(active_member_count as bigint) end as active_member_count,
    case when has_members then {{ ratio('active_member_count', 'member_count') }} end as thriving_ratio,
    case
        when has_orders and has_members then 'orders, members'
        when has_orders then 'orders'
        when has_members then 'members'
        else 'none'
    end as feeds
from feeds_begun
