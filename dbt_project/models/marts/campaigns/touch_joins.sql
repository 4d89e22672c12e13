-- One row per delivered message and person who had bought before and was no member when it was sent: when he joined after it.
-- Trap: a join after two messages stands here twice: count persons once per group. Where no feed tells of members nobody is known
-- to be one, and all buyers are here.
with touches as (
    select * from {{ ref('campaign_touches') }}
    where is_delivered and customer_key is not null
),

customers as (
    select * from {{ ref('customers') }}
),

members as (
    select * from {{ ref('members') }}
),

windows as (
    select * from {{ ref('response_windows') }}
),

buyers as (
    select
        touches.touch_id,
        touches.person_key,
        touches.customer_key,
        min(touches.sent_at) as sent_at,
        min(touches.as_of_date) as as_of_date
    from touches
    inner join customers on touches.customer_key = customers.customer_key and touches.sent_at > customers.first_ordered_at
    group by touches.touch_id, touches.person_key, touches.customer_key
),

followed as (
    select
        buyers.touch_id,
        buyers.person_key,
        buyers.sent_at,
        coalesce(bool_or({{ holds_on('buyers.sent_at', 'members', 'joined_at', 'left_at') }}), false) as is_member,
        min(
            case when members.joined_at > buyers.sent_at and members.joined_date <= buyers.as_of_date then members.joined_at end
        ) as joined_at
    from buyers
    left join members on buyers.customer_key = members.customer_key
    group by buyers.touch_id, buyers.person_key, buyers.sent_at
)

select
    followed.touch_id,
    followed.person_key,
    followed.sent_at,
    followed.joined_at,
    cast(
        min(
            case when followed.joined_at < followed.sent_at + windows.window_days * interval 1 day then windows.window_days end
        ) as bigint
    ) as window_days
from followed
cross join windows
where not followed.is_member
group by followed.touch_id, followed.person_key, followed.sent_at, followed.joined_at
