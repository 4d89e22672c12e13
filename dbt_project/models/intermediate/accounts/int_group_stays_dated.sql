-- One row per stay of an account in a group: from joining until leaving.
-- Trap: WeCom's lists never say who left: who is missing from the group's next list had left by its day. Staff are not here.
with listed as (
    select * from {{ ref('stg_wecom__group_members') }}
    where not is_staff and account_key is not null and joined_at is not null
),

events as (
    select * from {{ ref('stg_generic__events') }}
    where event_type in ('group_join', 'group_leave') and object_id is not null
),

accounts as (
    select * from {{ ref('int_accounts_unioned') }}
),

-- Of each stay the day of the last list that has it, and the next day on which the group was listed.
list_days as (
    select
        shop_id,
        group_id,
        delivered_date,
        lead(delivered_date) over (partition by shop_id, group_id order by delivered_date) as next_delivered_date
    from listed
    group by shop_id, group_id, delivered_date
),

changes as (
    select
        account_key,
        platform,
        shop_id,
        object_id as group_id,
        event_type,
        occurred_at,
        content_hash,
        min(case when event_type = 'group_leave' then occurred_at end) over following as left_at,
        min(case when event_type = 'group_join' then occurred_at end) over following as rejoined_at
    from events
    window following as (
        partition by account_key, object_id
        order by occurred_at, event_key
        rows between 1 following and unbounded following
    )
),

stays as (
    select
        listed.account_key,
        listed.platform,
        listed.shop_id,
        listed.group_id,
        listed.joined_at,
        cast(list_days.next_delivered_date as timestamp) as left_at,
        listed.content_hash
    from listed
    inner join list_days
        on
            listed.shop_id = list_days.shop_id
            and listed.group_id = list_days.group_id
            and listed.delivered_date = list_days.delivered_date

    union all

    select
        account_key,
        platform,
        shop_id,
        group_id,
        occurred_at as joined_at,
        min(least(left_at, rejoined_at)) as left_at,
        min(content_hash) as content_hash
    from changes
    where event_type = 'group_join'
    group by account_key, platform, shop_id, group_id, occurred_at
),

int_group_stays_dated as (
    select
        {{ surrogate_key(['stays.account_key', 'stays.group_id', 'stays.joined_at']) }} as stay_key,
        stays.account_key,
        accounts.customer_key,
        stays.platform,
        stays.shop_id,
        stays.group_id,
        stays.joined_at,
        stays.left_at,
        stays.content_hash
    from stays
    left join accounts on stays.account_key = accounts.account_key
)

select * from int_group_stays_dated
