-- One row per month with business days asked for, as of the last of them: who the customers are, members against the others.
-- Trap: the window is that of RFM (365 days), purchases that stood on the day; members are those of that day, not when ordering.
-- The multiples describe, they do not prove. Who is asked for a group is who joined in the month and is still a member.
{{ table_by_day(days='int_months_fingerprinted') }}
{%- set flags = [
    ('is_buyer', "'buyer', 'repeat buyer'", 'orders'), ('is_repeat_buyer', "'repeat buyer'", 'orders'),
    ('is_customer', "'customer'", 'orders'), ('is_member', "'member', 'new member'", 'members'),
    ('is_new_member', "'new member'", 'members'), ('is_in_group', "'in group'", 'groups')
] %}

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

-- What is so of whoever bought, is a member, was written to, or is in a group.
traits as (
    select
        due_days.as_of_date,
        customer_rfm_periods.customer_key,
        case when customer_rfm_periods.purchase_day_count >= 2 then 'repeat buyer' else 'buyer' end as trait,
        customer_rfm_periods.net_amount
    from due_days
    inner join customer_rfm_periods on {{ holds_on('due_days.as_of_date', 'customer_rfm_periods') }}
    union all
    select
        due_days.as_of_date,
        customers.customer_key,
        'customer' as trait,
        0 as net_amount
    from due_days
    inner join customers on due_days.as_of_date >= customers.first_order_date
    union all
    select
        due_days.as_of_date,
        memberships.customer_key,
        case when memberships.valid_from >= date_trunc('month', due_days.as_of_date) then 'new member' else 'member' end as trait,
        0 as net_amount
    from due_days
    inner join memberships on {{ holds_on('due_days.as_of_date', 'memberships') }}
    union all
    select
        due_days.as_of_date,
        touches.customer_key,
        case when touches.sent_date > {{ days_before('due_days.as_of_date', 7) }} then 'touched 7d' else 'touched 30d' end
            as trait,
        0 as net_amount
    from due_days
    inner join touches
        on due_days.as_of_date >= touches.sent_date and touches.sent_date > {{ days_before('due_days.as_of_date', 30) }}
    where touches.touch_status <> 'failed'
    union all
    select
        due_days.as_of_date,
        group_memberships.customer_key,
        'in group' as trait,
        0 as net_amount
    from due_days
    inner join group_memberships on {{ holds_on('due_days.as_of_date', 'group_memberships', 'joined_date', 'left_date') }}
    where group_memberships.customer_key is not null
),

feeds_told as (
    {{ told_kinds(
        'due_days', {'orders': "= 'orders'", 'members': "= 'members'", 'groups': "= 'groups'"}, end='silent_date'
    ) }}
),

feeds as (
    select
        feeds_told.*,
        feeds_told.as_of_date >= (select min(touches.sent_date) from touches) as has_touches
    from feeds_told
),

-- What no feed tells of on the day is null, not zero, and so is what is summed and divided of it.
people as (
    select
        traits.as_of_date,
        traits.customer_key,
        sum(case when feeds.has_orders then traits.net_amount end) as net_amount,
        {%- for flag, names, feed in flags %}
        max(case when feeds.has_{{ feed }} then case when traits.trait in ({{ names }}) then 1 else 0 end end) as {{ flag }},
        {%- endfor %}
        sum(case when traits.trait = 'touched 7d' then 1 when feeds.has_touches then 0 end) as touch_count_7d,
        sum(case when traits.trait in ('touched 7d', 'touched 30d') then 1 when feeds.has_touches then 0 end) as touch_count_30d
    from traits
    inner join feeds on traits.as_of_date = feeds.as_of_date
    group by traits.as_of_date, traits.customer_key
),

ranked as (
    select
        *,
        row_number() over (partition by as_of_date order by net_amount desc, customer_key asc)
        <= ceil(sum(is_buyer) over (partition by as_of_date) * {{ var('super_customer_ratio') }}) as is_super
    from people
),

counted as (
    select
        as_of_date,
        cast(sum(is_buyer) as bigint) as buyer_count,
        cast(sum(net_amount) as decimal(18, 2)) as net_amount,
        cast(sum(is_repeat_buyer) as bigint) as repeat_buyer_count,
        cast(sum(case when is_super then is_buyer when is_buyer is not null then 0 end) as bigint) as super_customer_count,
        cast(sum(case when is_super then net_amount when is_buyer is not null then 0 end) as decimal(18, 2))
            as super_customer_net_amount,
        cast(sum(is_member) as bigint) as member_count,
        cast(sum(is_customer * (1 - is_member)) as bigint) as other_customer_count,
        cast(sum(is_member * is_buyer) as bigint) as member_buyer_count,
        cast(sum(is_member * is_repeat_buyer) as bigint) as member_repeat_buyer_count,
        cast(sum((1 - is_member) * is_buyer) as bigint) as other_buyer_count,
        cast(sum((1 - is_member) * is_repeat_buyer) as bigint) as other_repeat_buyer_count,
        cast(sum(is_member * net_amount) as decimal(18, 2)) as member_net_amount,
        cast(sum((1 - is_member) * net_amount) as decimal(18, 2)) as other_net_amount,
        cast(sum(sign(touch_count_7d)) as bigint) as touched_count_7d,
        cast(sum(touch_count_7d) as bigint) as touch_count_7d,
        cast(sum(case when touch_count_7d > {{ var('touch_cap_7d') }} then 1 when touch_count_7d >= 0 then 0 end) as bigint)
            as above_cap_count_7d,
        cast(sum(sign(touch_count_30d)) as bigint) as touched_count_30d,
        cast(sum(touch_count_30d) as bigint) as touch_count_30d,
        cast(sum(case when touch_count_30d > {{ var('touch_cap_30d') }} then 1 when touch_count_30d >= 0 then 0 end) as bigint)
            as above_cap_count_30d,
        cast(sum(is_in_group) as bigint) as group_customer_count,
        cast(sum(case when is_in_group is not null then is_new_member end) as bigint) as new_member_count,
        cast(sum(is_new_member * is_in_group) as bigint) as new_member_group_count
    from ranked
    group by as_of_date
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
    member_count,
    member_buyer_count,
    member_repeat_buyer_count,
    {{ ratio('member_repeat_buyer_count', 'member_buyer_count') }} as member_repeat_buyer_ratio,
    other_buyer_count,
    other_repeat_buyer_count,
    {{ ratio('other_repeat_buyer_count', 'other_buyer_count') }} as other_repeat_buyer_ratio,
    {{ ratio('member_repeat_buyer_count * other_buyer_count', '(member_buyer_count * other_repeat_buyer_count)') }}
        as repeat_buyer_multiple,
    member_net_amount,
    other_customer_count,
    other_net_amount,
    {{ yuan(ratio('member_net_amount', 'member_count')) }} as net_amount_per_member,
    {{ yuan(ratio('other_net_amount', 'other_customer_count')) }} as net_amount_per_other_customer,
    {{ ratio('member_net_amount * other_customer_count', '(member_count * other_net_amount)') }}
        as net_amount_per_customer_multiple,
    touched_count_7d,
    touch_count_7d,
    {{ ratio('touch_count_7d', 'touched_count_7d') }} as touches_per_person_7d,
    above_cap_count_7d,
    {{ ratio('above_cap_count_7d', 'touched_count_7d') }} as above_cap_ratio_7d,
    touched_count_30d,
    touch_count_30d,
    {{ ratio('touch_count_30d', 'touched_count_30d') }} as touches_per_person_30d,
    above_cap_count_30d,
    {{ ratio('above_cap_count_30d', 'touched_count_30d') }} as above_cap_ratio_30d,
    group_customer_count,
    new_member_count,
    new_member_group_count,
    {{ ratio('new_member_group_count', 'new_member_count') }} as group_joining_ratio,
    {{ missing_feeds({
        'orders': 'buyer_count is null',
        'members': 'member_count is null',
        'touches': 'touch_count_7d is null',
        'groups': 'group_customer_count is null'
    }) }} as missing_feeds
from counted
