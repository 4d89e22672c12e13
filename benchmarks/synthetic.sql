-- A brand of any size as table macros: what is delivered on a day, one macro per dataset of the generic exports.
-- Trap: every value is a function of a day and a number within it, so that the first 5,000 orders of a day are the same in a
-- short history and in a long one. No two orders of a day share a microsecond, so that nothing hangs on a tie.
-- Variables: customers, shops, products, first_day, last_day, campaign_day.

create macro draw(subject, purpose, size) as cast(hash(subject, purpose) % cast(size as ubigint) as bigint);

create macro share(subject, purpose) as draw(subject, purpose, 1000000) / 1000000.0;

create macro platform_of(shop) as case when shop % 2 = 0 then 'jd' else 'wechat' end;

create macro shop_id_of(shop) as '9' || lpad(cast(shop as varchar), 7, '0');

create macro account_id_of(customer) as 'u' || lpad(cast(customer as varchar), 9, '0');

-- Some customers buy often, most rarely: the product of two draws. One order in fifty names nobody.
create macro orders_of(day, orders) as table
select
    hash(cast(day as date), range) as seed,
    strftime(cast(day as date), '%Y%m%d') || lpad(cast(range as varchar), 9, '0') as order_id,
    cast(floor(getvariable('customers') * share(seed, 'buyer') * share(seed, 'again')) as bigint) as customer,
    customer % getvariable('shops') as shop,
    case when draw(seed, 'named', 50) > 0 then account_id_of(customer) end as account_id,
    draw(seed, 'placed', 25) > 0 as is_paid,
    cast(cast(day as date) as timestamp) + to_seconds(draw(seed, 'created', 84000)) + to_microseconds(range % 1000000)
        as created_at,
    case when is_paid then created_at + to_seconds(20 + draw(seed, 'paid', 1200)) end as paid_at,
    case when draw(seed, 'influenced', 3) = 0 then draw(seed, 'influencer', 100) end as influencer,
    case draw(seed, 'line_count', 10) when 9 then 3 when 8 then 2 when 7 then 2 when 6 then 2 else 1 end as line_count
from range(orders);

create macro lines_of(day, orders) as table
select
    * exclude (seed),
    hash(seed, position) as seed,
    order_id || position as order_line_id,
    cast(1 + floor(getvariable('products') * share(hash(seed, position), 'product') * share(seed, 'taste')) as bigint) as product,
    product % 25 = 0 as is_sample,
    1 + cast(draw(hash(seed, position), 'quantity', 7) = 0 as bigint) as quantity,
    (990 + draw(product, 'price', 40000)) * quantity as list_cents,
    case when is_sample then 0 else list_cents * (70 + draw(hash(seed, position), 'discount', 31)) // 100 end as paid_cents
from (select *, unnest(range(1, line_count + 1)) as position from orders_of(day, orders));

-- A line comes once; one in twenty comes again a week later, completed or closed.
create macro order_lines_in(day, orders, is_second) as table
select
    platform_of(shop) as platform,
    shop_id_of(shop) as shop_id,
    order_id,
    order_line_id,
    account_id,
    'p' || product as product_id,
    '商品 ' || product as product_name,
    'p' || product || '-' || draw(seed, 'sku', 4) as sku_id,
    quantity,
    cast(list_cents / 100.0 as decimal(18, 2)) as list_amount,
    cast(paid_cents / 100.0 as decimal(18, 2)) as paid_amount,
    case
        when is_second and is_paid then 'completed'
        when is_second then 'closed'
        when is_paid then case when draw(seed, 'shipped', 3) = 0 then 'paid' else 'shipped' end
        else 'placed'
    end as order_status,
    case when is_sample then 'sample' else 'normal' end as order_kind,
    created_at,
    paid_at,
    case when is_second and is_paid then created_at + to_days(6) end as completed_at,
    'i' || influencer as influencer_id,
    '达人 ' || influencer as influencer_name,
    case when influencer is null then 'search' else 'influencer' end as traffic_source,
    case when draw(seed, 'ad', 4) = 0 then 'paid' else 'free' end as traffic_type,
    case when influencer is not null then case when draw(seed, 'format', 2) = 0 then 'live' else 'video' end end
        as traffic_format,
    'channel ' || draw(seed, 'channel', 5) as traffic_channel,
    case when is_second then created_at + to_days(7) else created_at + to_seconds(1800) end as updated_at
from lines_of(day, orders)
where not is_second or draw(seed, 'again', 20) = 0;

create macro order_lines_on(day, orders) as table
select * from order_lines_in(day, orders, false)
union all
select * from order_lines_in(day - 7, orders, true)
where day - 7 >= getvariable('first_day');

-- One paid line in twelve is refunded after three days, in full or half; of the halves, one in five asks for the rest later.
create macro refunds_in(day, orders, is_second) as table
select
    platform_of(shop) as platform,
    shop_id_of(shop) as shop_id,
    'R' || order_line_id || case when is_second then '2' else '1' end as refund_id,
    order_line_id,
    cast(
        case
            when is_second then paid_cents // 2
            when draw(seed, 'half', 10) < 3 then paid_cents - paid_cents // 2
            else paid_cents
        end / 100.0 as decimal(18, 2)
    ) as refund_amount,
    quantity as refund_quantity,
    case draw(seed, case when is_second then 'last outcome' else 'outcome' end, 25)
        when 0 then 'pending'
        when 1 then 'closed'
        else 'succeeded'
    end as refund_status,
    case when draw(seed, 'returned', 2) = 0 then 'return' else 'refund_only' end as refund_type,
    paid_at + to_days(case when is_second then 8 else 2 end) as applied_at,
    case when refund_status = 'succeeded' then paid_at + to_days(case when is_second then 9 else 3 end) end as refunded_at,
    paid_at + to_days(case when is_second then 9 else 3 end) as updated_at
from lines_of(day, orders)
where
    is_paid and paid_cents > 0 and draw(seed, 'refunded', 12) = 0
    and (not is_second or (draw(seed, 'half', 10) < 3 and draw(seed, 'asked again', 5) = 0));

create macro refunds_on(day, orders) as table
select * from refunds_in(day - 3, orders, false)
where day - 3 >= getvariable('first_day')
union all
select * from refunds_in(day - 9, orders, true)
where day - 9 >= getvariable('first_day');

-- Two customers in five join, over the three years before the last day and the year after it. One in thirty of them leaves;
-- half of those join again.
create temp table memberships as
with joined as (
    select
        range as customer,
        cast(getvariable('last_day') as timestamp)
            + to_days(cast(draw(range, 'joined', 1460) - 1095 as integer))
            + to_seconds(draw(range, 'second', 80000)) as joined_at,
        case when draw(range, 'left', 30) = 0 then joined_at + to_days(cast(1 + draw(range, 'stayed', 300) as integer)) end as left_at
    from range(getvariable('customers'))
    where draw(range, 'member', 5) < 2
)

select * from joined
union all
select
    customer,
    left_at + to_days(30) as joined_at,
    null as left_at
from joined
where left_at is not null and draw(customer, 'rejoined', 2) = 0;

-- What is known at the end of the day of the periods that began or ended on it; on the first day, or before it.
create macro memberships_on(day) as table
select
    customer,
    joined_at,
    case when left_at < day + 1 then left_at end as left_at,
    coalesce(case when left_at < day + 1 then left_at end, joined_at) as updated_at
from memberships
where
    cast(joined_at as date) = day
    or cast(left_at as date) = day
    or (day = getvariable('first_day') and joined_at < day);

create macro members_on(day, orders) as table
select
    platform_of(customer % getvariable('shops')) as platform,
    shop_id_of(customer % getvariable('shops')) as shop_id,
    account_id_of(customer) as account_id,
    'level ' || draw(customer, 'level', 4) as member_level,
    draw(customer, 'points', 5000) as points,
    joined_at,
    case when draw(customer, 'joined through', 3) = 0 then 'live' else 'shop' end as join_channel,
    left_at,
    updated_at
from memberships_on(day);

create macro consents_on(day, orders) as table
select
    platform_of(customer % getvariable('shops')) as platform,
    shop_id_of(customer % getvariable('shops')) as shop_id,
    account_id_of(customer) as account_id,
    'marketing_message' as purpose,
    'sms' as channel,
    joined_at as granted_at,
    left_at as withdrawn_at
from memberships_on(day);

-- Every Monday one customer in two hundred receives a message.
create macro touches_on(day, orders) as table
select
    platform_of(range % getvariable('shops')) as platform,
    shop_id_of(range % getvariable('shops')) as shop_id,
    'T' || strftime(cast(day as date), '%Y%m%d') || range as touch_id,
    'WELCOME' as campaign_id,
    'treatment' as arm,
    'sms' as channel,
    account_id_of(range) as account_id,
    cast(cast(day as date) as timestamp) + to_hours(10) as sent_at,
    'sent' as touch_status,
    1 as segment_count,
    0.034 as unit_cost
from range(getvariable('customers'))
where dayofweek(cast(day as date)) = 1 and draw(range, cast(day as varchar), 200) = 0;

create macro products_on(day, orders) as table
select
    platform_of(shop) as platform,
    'p' || product as product_id,
    '商品 ' || product as product_name,
    'category ' || product % 9 as category,
    case when product % 25 = 0 then 'sample' else 'regular' end as product_role,
    case when product % 25 = 0 then 'p' || (product + 1) end as full_size_product_id
from range(1, getvariable('products') + 2) as products (product)
cross join range(2) as platforms (shop)
where day = getvariable('first_day');

create macro influencers_on(day, orders) as table
select
    platform_of(shop) as platform,
    'i' || influencer as influencer_id,
    '达人 ' || influencer as influencer_name,
    influencer < 3 as is_own_account,
    1000 + draw(influencer, 'followers', 1000000) as follower_count
from range(100) as influencers (influencer)
cross join range(2) as platforms (shop)
where day = getvariable('first_day');

create macro campaigns_on(day, orders) as table
select
    upper(name) as campaign_id,
    case name when 'welcome' then 'new_members_without_purchase' else 'sample_to_full_size' end as template,
    getvariable('campaign_day') as start_date,
    getvariable('campaign_day') + 90 as end_date,
    position as priority,
    'sms' as channel,
    0.1 as holdout_ratio
from (values ('welcome', 1), ('sample', 2)) as campaigns (name, position)
where day = getvariable('first_day');
