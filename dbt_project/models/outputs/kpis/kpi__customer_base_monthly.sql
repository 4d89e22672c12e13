-- One row per month with business days asked for, as of the last of them: who the customers are, members against the others.
-- Trap: the window is that of RFM (365 days), purchases that stood on the day; members are those of that day, not when ordering.
-- The multiples describe, they do not prove. Who is asked for a group is who joined in the month and is still a member.
{{ table_by_day(days='int_months_fingerprinted') }}

with due_days as (
    {{ due_days('int_months_fingerprinted') }}
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

memberships as (
    select * from {{ ref('int_memberships_merged') }}
),

customers as (
    select * from {{ ref('customers') }}
),

touches as (
    select * from {{ ref('touches') }}
),

group_memberships as (
    select * from {{ ref('group_memberships') }}
),

-- Whoever bought, is a member, was written to, or is in a group.
people as (
    select
        due_days.as_of_date,
        customer_rfm_periods.customer_key,
        customer_rfm_periods.net_amount,
        case when customer_rfm_periods.purchase_day_count >= 2 then 1 else 0 end as is_repeat_buyer,
        1 as is_buyer,
        0 as is_customer,
        0 as is_member,
        0 as is_new_member,
        0 as touch_count_7d,
        0 as touch_count_30d,
        0 as is_in_group
    from due_days
    inner join customer_rfm_periods
        on
            due_days.as_of_date >= customer_rfm_periods.valid_from
            and due_days.as_of_date < customer_rfm_periods.valid_to
    union all
    select
        due_days.as_of_date,
        customers.customer_key,
        0 as net_amount,
        0 as is_repeat_buyer,
        0 as is_buyer,
        1 as is_customer,
        0 as is_member,
        0 as is_new_member,
        0 as touch_count_7d,
        0 as touch_count_30d,
        0 as is_in_group
    from due_days
    inner join customers
        on due_days.as_of_date >= customers.first_order_date
    union all
    select
        due_days.as_of_date,
        memberships.customer_key,
        0 as net_amount,
        0 as is_repeat_buyer,
        0 as is_buyer,
        0 as is_customer,
        1 as is_member,
        case when memberships.valid_from >= cast(date_trunc('month', due_days.as_of_date) as date) then 1 else 0 end
            as is_new_member,
        0 as touch_count_7d,
        0 as touch_count_30d,
        0 as is_in_group
    from due_days
    inner join memberships
        on
            {{ holds_on('due_days.as_of_date', 'memberships') }}
    union all
    select
        due_days.as_of_date,
        touches.customer_key,
        0 as net_amount,
        0 as is_repeat_buyer,
        0 as is_buyer,
        0 as is_customer,
        0 as is_member,
        0 as is_new_member,
        case when touches.sent_date > {{ days_before('due_days.as_of_date', 7) }} then 1 else 0 end as touch_count_7d,
        1 as touch_count_30d,
        0 as is_in_group
    from due_days
    inner join touches
        on
            due_days.as_of_date >= touches.sent_date
            and touches.sent_date > {{ days_before('due_days.as_of_date', 30) }}
    union all
    select
        due_days.as_of_date,
        group_memberships.customer_key,
        0 as net_amount,
        0 as is_repeat_buyer,
        0 as is_buyer,
        0 as is_customer,
        0 as is_member,
        0 as is_new_member,
        0 as touch_count_7d,
        0 as touch_count_30d,
        1 as is_in_group
    from due_days
    inner join group_memberships
        on
            {{ holds_on('due_days.as_of_date', 'group_memberships', 'joined_date', 'left_date') }}
    where group_memberships.customer_key is not null
),

people_by_day as (
    select
        as_of_date,
        customer_key,
        sum(net_amount) as net_amount,
        max(is_repeat_buyer) as is_repeat_buyer,
        max(is_buyer) as is_buyer,
        max(is_customer) as is_customer,
        max(is_member) as is_member,
        max(is_new_member) as is_new_member,
        sum(touch_count_7d) as touch_count_7d,
        sum(touch_count_30d) as touch_count_30d,
        max(is_in_group) as is_in_group,
        row_number() over (partition by as_of_date order by sum(net_amount) desc, customer_key asc) as net_amount_rank,
        sum(max(is_buyer)) over (partition by as_of_date) as all_buyer_count
    from people
    group by as_of_date, customer_key
),

ranked as (
    select
        *,
        case when net_amount_rank <= ceil(all_buyer_count * {{ var('super_customer_ratio') }}) then 1 else 0 end as is_super
    from people_by_day
),

counted as (
    select
        as_of_date,
        cast(sum(is_buyer) as bigint) as buyer_count,
        cast(sum(net_amount) as decimal(18, 2)) as net_amount,
        cast(sum(is_repeat_buyer) as bigint) as repeat_buyer_count,
        cast(sum(is_buyer * is_super) as bigint) as super_customer_count,
        cast(sum(net_amount * is_super) as decimal(18, 2)) as super_customer_net_amount,
        cast(sum(is_member) as bigint) as member_count,
        cast(sum(is_customer * (1 - is_member)) as bigint) as other_customer_count,
        cast(sum(is_member * is_buyer) as bigint) as member_buyer_count,
        cast(sum(is_member * is_repeat_buyer) as bigint) as member_repeat_buyer_count,
        cast(sum((1 - is_member) * is_buyer) as bigint) as other_buyer_count,
        cast(sum((1 - is_member) * is_repeat_buyer) as bigint) as other_repeat_buyer_count,
        cast(sum(is_member * net_amount) as decimal(18, 2)) as member_net_amount,
        cast(sum((1 - is_member) * net_amount) as decimal(18, 2)) as other_net_amount,
        cast(sum(case when touch_count_7d > 0 then 1 else 0 end) as bigint) as touched_count_7d,
        cast(sum(touch_count_7d) as bigint) as touch_count_7d,
        cast(sum(case when touch_count_7d > {{ var('touch_cap_7d') }} then 1 else 0 end) as bigint) as above_cap_count_7d,
        cast(sum(case when touch_count_30d > 0 then 1 else 0 end) as bigint) as touched_count_30d,
        cast(sum(touch_count_30d) as bigint) as touch_count_30d,
        cast(sum(case when touch_count_30d > {{ var('touch_cap_30d') }} then 1 else 0 end) as bigint) as above_cap_count_30d,
        cast(sum(is_in_group) as bigint) as group_customer_count,
        cast(sum(is_new_member) as bigint) as new_member_count,
        cast(sum(is_new_member * is_in_group) as bigint) as new_member_group_count
    from ranked
    group by as_of_date
),

-- What no feed has told by the day is null, not zero.
told as (
    select
        counted.*,
        coalesce(counted.as_of_date >= (select min(memberships.valid_from) from memberships), false) as has_members,
        coalesce(counted.as_of_date >= (select min(touches.sent_date) from touches), false) as has_touches,
        coalesce(counted.as_of_date >= (select min(group_memberships.joined_date) from group_memberships), false) as has_groups
    from counted
)

select
    as_of_date,
    buyer_count,
    net_amount,
    repeat_buyer_count,
    {{ ratio('repeat_buyer_count', 'buyer_count') }} as repeat_buyer_ratio,
    super_customer_count,
    super_customer_net_amount,
    {{ ratio('super_customer_net_amount', 'net_amount') }} as super_customer_net_amount_ratio,
    case when has_members then member_count end as member_count,
    case when has_members then member_buyer_count end as member_buyer_count,
    case when has_members then member_repeat_buyer_count end as member_repeat_buyer_count,
    case when has_members then {{ ratio('member_repeat_buyer_count', 'member_buyer_count') }} end as member_repeat_buyer_ratio,
    case when has_members then other_buyer_count end as other_buyer_count,
    case when has_members then other_repeat_buyer_count end as other_repeat_buyer_count,
    case when has_members then {{ ratio('other_repeat_buyer_count', 'other_buyer_count') }} end as other_repeat_buyer_ratio,
    case when has_members then {{ ratio(
        'member_repeat_buyer_count * other_buyer_count', '(member_buyer_count * other_repeat_buyer_count)'
    ) }} end as repeat_buyer_multiple,
    case when has_members then member_net_amount end as member_net_amount,
    case when has_members then other_customer_count end as other_customer_count,
    case when has_members then other_net_amount end as other_net_amount,
    case when has_members then cast({{ ratio('member_net_amount', 'member_count') }} as decimal(18, 2)) end
        as net_amount_per_member,
    case when has_members then cast({{ ratio('other_net_amount', 'other_customer_count') }} as decimal(18, 2)) end
        as net_amount_per_other_customer,
    case when has_members then {{ ratio(
        'member_net_amount * other_customer_count', '(member_count * other_net_amount)'
    ) }} end as net_amount_per_customer_multiple,
    case when has_touches then touched_count_7d end as touched_count_7d,
    case when has_touches then touch_count_7d end as touch_count_7d,
    case when has_touches then {{ ratio('touch_count_7d', 'touched_count_7d') }} end as touches_per_person_7d,
    case when has_touches then above_cap_count_7d end as above_cap_count_7d,
    case when has_touches then {{ ratio('above_cap_count_7d', 'touched_count_7d') }} end as above_cap_ratio_7d,
    case when has_touches then touched_count_30d end as touched_count_30d,
    case when has_touches then touch_count_30d end as touch_count_30d,
    case when has_touches then {{ ratio('touch_count_30d', 'touched_count_30d') }} end as touches_per_person_30d,
    case when has_touches then above_cap_count_30d end as above_cap_count_30d,
    case when has_touches then {{ ratio('above_cap_count_30d', 'touched_count_30d') }} end as above_cap_ratio_30d,
    case when has_groups then group_customer_count end as group_customer_count,
    case when has_members and has_groups then new_member_count end as new_member_count,
    case when has_members and has_groups then new_member_group_count end as new_member_group_count,
    case when has_members and has_groups then {{ ratio('new_member_group_count', 'new_member_count') }} end
        as group_joining_ratio,
    nullif(substr(
        case when has_members then '' else ', members' end
        || case when has_touches then '' else ', touches' end
        || case when has_groups then '' else ', groups' end,
        3
    ), '') as missing_feeds
from told
