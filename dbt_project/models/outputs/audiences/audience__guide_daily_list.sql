-- One row per campaign, business day and customer for whom a contact of a guide is due.
-- Trap: a customer of several guides is of the one who added him last; each guide gets but the most valuable of the day.
{{ table_by_day(days='int_campaign_days_fingerprinted') }}

with runs as (
    {{ runs_of('guide_daily_list') }}
),

guide_contacts as (
    select * from {{ ref('guide_contacts') }}
),

memberships as (
    select * from {{ ref('int_memberships_unioned') }}
    where birthday is not null
),

customer_rfm_periods as (
    select * from {{ ref('customer_rfm_periods') }}
),

contacts as (
    select
        runs.*,
        guide_contacts.customer_key,
        guide_contacts.guide_id,
        row_number() over (
            partition by runs.campaign_id, runs.as_of_date, guide_contacts.customer_key
            order by guide_contacts.added_at desc, guide_contacts.contact_key asc
        ) as recency_rank
    from runs
    inner join guide_contacts
        on
            {{ holds_on('runs.as_of_date', 'guide_contacts', 'added_date', 'removed_date') }}
    where guide_contacts.customer_key is not null
),

-- Of several memberships the latest tells the birthday; 29 February is 1 March where there is none.
birthdays as (
    select
        contacts.campaign_id,
        contacts.as_of_date,
        contacts.customer_key,
        memberships.birthday,
        {%- for years in (0, 1) %}
        {{ days_after(
            "cast(cast(extract(year from contacts.as_of_date) + %d as varchar) || '-' || substr(memberships.birthday, 1, 2) || '-01' as date)" % years,
            "cast(substr(memberships.birthday, 4, 2) as integer) - 1"
        ) }} as birthday_{{ ['this', 'next'][years] }}_year,
        {%- endfor %}
        row_number() over (
            partition by contacts.campaign_id, contacts.as_of_date, contacts.customer_key
            order by memberships.joined_at desc, memberships.membership_key asc
        ) as birthday_rank
    from contacts
    inner join memberships
        on
            contacts.customer_key = memberships.customer_key
            and contacts.as_of_date >= cast(memberships.joined_at as date)
    where contacts.recency_rank = 1
),

valued as (
    select
        contacts.*,
        customer_rfm_periods.last_paid_date,
        coalesce(customer_rfm_periods.net_amount, 0) as net_amount,
        {{ tier_of('contacts') }} as tier,
        {{ days_between('customer_rfm_periods.last_paid_date', 'contacts.as_of_date') }} as silence_days,
        birthdays.birthday,
        {{ days_between('contacts.as_of_date', """case
            when birthdays.birthday_this_year > contacts.as_of_date then birthdays.birthday_this_year
            else birthdays.birthday_next_year
        end""") }} as days_to_birthday
    from contacts
    left join customer_rfm_periods on {{ figures_of('contacts') }}
    left join birthdays
        on
            contacts.campaign_id = birthdays.campaign_id
            and contacts.as_of_date = birthdays.as_of_date
            and contacts.customer_key = birthdays.customer_key
            and birthdays.birthday_rank = 1
    where contacts.recency_rank = 1
),

due as (
    select
        *,
        case
            when days_to_birthday <= birthday_days then 'birthday'
            when silence_days between min_days and max_days then 'repurchase_due'
            when tier = 'high' and silence_days >= silent_days then 'sleeping_vip'
        end as segment
    from valued
),

ranked as (
    select
        *,
        row_number() over (
            partition by campaign_id, as_of_date, guide_id
            order by
                case segment when 'birthday' then 1 when 'repurchase_due' then 2 else 3 end asc,
                net_amount desc,
                customer_key asc
        ) as guide_rank
    from due
    where segment is not null
)

select
    campaign_id,
    as_of_date,
    customer_key,
    template,
    tier,
    case segment
        when 'birthday' then 'birthday on ' || birthday
        when 'repurchase_due' then 'repurchase due'
        else 'sleeping VIP'
    end
    || coalesce(', last purchase on ' || cast(last_paid_date as varchar), '') as reason,
    cast(null as varchar) as recommended_product_id,
    priority,
    segment,
    cast(null as varchar) as variant,
    'guide' as channel,
    guide_id,
    cast(null as varchar) as order_id,
    cast(null as varchar) as remark,
    cast(null as decimal(9, 6)) as expected_response_ratio,
    cast(null as decimal(18, 2)) as expected_amount
from ranked
where guide_rank <= top_count
