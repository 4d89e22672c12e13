"""A catalogue of a brand that one can count by hand: two shops, a few days around 6 May 2024."""

from datetime import date
from pathlib import Path

import duckdb

DAY = date(2024, 5, 6)

TABLES = {
    "outputs.kpi__sales_daily": """
        select platform, shop_id, business_date::date as business_date, order_count, order_count as line_count,
            paid_amount::decimal(18, 2) as paid_amount, refunded_amount::decimal(18, 2) as refunded_amount,
            (paid_amount - refunded_amount)::decimal(18, 2) as net_amount, paid_amount as told_paid_amount, buyer_count,
            coalesce(buyer_count, 0) as customer_line_count,
            if(buyer_count is null, 0, paid_amount)::decimal(18, 2) as customer_paid_amount
        from (values
            ('douyin', 'a', '2024-05-06', 3, 1300.00, 50.00, 2), ('tmall', 'b', '2024-05-06', 1, 100.50, 0.00, null),
            ('douyin', 'a', '2024-04-29', 2, 1000.40, 0.00, 2), ('tmall', 'b', '2024-05-05', 1, 20.00, 20.00, null),
            ('pos', 'c', '2024-05-01', 1, 10.00, 0.00, 1)
        ) as t (platform, shop_id, business_date, order_count, paid_amount, refunded_amount, buyer_count)""",
    "outputs.kpi__fast_daily": """
        select as_of_date::date as as_of_date, interested + purchased + loyal as fertility_count,
            interested as interested_count, purchased as purchased_count, loyal as loyal_count, 2 as deepened_count,
            8 as deepening_base_count, 0.25 as advancing_ratio, members as superiority_count,
            1 as active_member_count, 0.2 as thriving_ratio, feeds, 11 as fertility_period_count,
            as_of_date = '2024-05-06' as is_comparable
        from (values ('2024-05-06', 1, 6, 3, 5, 'orders, members'), ('2024-04-06', 1, 5, 2, 4, 'orders, members'))
        as t (as_of_date, interested, purchased, loyal, members, feeds)""",
    "marts.feeds": """
        select unnest(['orders', 'members']) as feed, 'douyin' as platform, date '2024-03-01' as begun_date,
            null::date as ended_date""",
    "outputs.kpi__aipl_flows_daily": """
        select as_of_date::date as as_of_date, from_state, to_state, direction, customer_count
        from (values ('2024-05-06', 'none', 'purchased', 'up', 3), ('2024-05-05', 'none', 'purchased', 'up', 1),
            ('2024-05-05', 'purchased', 'loyal', 'up', 2), ('2024-05-05', 'purchased', 'none', 'down', 1),
            ('2024-05-06', 'loyal', 'loyal', 'stay', 90), ('2024-04-06', 'none', 'loyal', 'up', 50)
        ) as t (as_of_date, from_state, to_state, direction, customer_count)""",
    "outputs.kpi__fast_plus_daily": """
        select as_of_date::date as as_of_date, people as private_domain_count, 4 as entered_count, 1 as left_count,
            3 as net_entered_count, 3 as private_domain_buyer_count, 5 as buyer_count, 0.6 as penetration_ratio,
            null::bigint as deepened_count, null::bigint as deepening_base_count, null::double as deepening_ratio,
            5 as member_count, 2 as high_value_member_count, 0.4 as high_value_member_ratio,
            1 as active_member_count_30d, 0.2 as active_member_ratio_30d, 'members, groups' as private_domain_feeds,
            'orders' as activity_feeds, true as is_comparable
        from (values ('2024-05-06', 30), ('2024-04-06', 20)) as t (as_of_date, people)""",
    "outputs.kpi__member_daily": """
        select 'douyin' as platform, 'a' as shop_id, date '2024-05-06' as business_date, 5 as member_count,
            2 as joined_count, 1 as left_count""",
    "outputs.kpi__member_periods": """
        select 'week' as period_type, date '2024-04-29' as period_start, date '2024-05-05' as period_end,
            'brand' as scope, 'all' as platform, 'all' as shop_id, 2 as member_buyer_count, 3 as buyer_count,
            300.00 as member_amount_per_buyer, 100.00 as non_member_amount_per_buyer, 3.0 as amount_per_buyer_multiple,
            1.5 as amount_per_order_multiple, 0.857 as member_net_amount_ratio, null as missing_feeds""",
    "marts.rfm_cutoffs_daily": """
        select as_of_date::date as as_of_date, 40 as recency_days_for_2, 30 as recency_days_for_3,
            20 as recency_days_for_4, 10 as recency_days_for_5, 1 as order_count_for_2, 1 as order_count_for_3,
            2 as order_count_for_4, 3 as order_count_for_5
        from (values ('2024-05-06'), ('2024-04-06')) as t (as_of_date)""",
    "marts.customer_rfm_daily": """
        select as_of_date::date as as_of_date, customer_key, r_score, f_score, net_amount::decimal(18, 2) as net_amount,
            rfm_segment
        from (values
            ('2024-05-06', 1, 5, 5, 900.00, 'important_value'), ('2024-05-06', 2, 5, 5, 100.00, 'general_value'),
            ('2024-05-06', 3, 2, 3, 50.00, 'general_retain'), ('2024-04-06', 1, 4, 3, 100.00, 'general_develop'),
            ('2024-04-06', 3, 2, 3, 50.00, 'general_retain'), ('2024-04-06', 4, 5, 5, 800.00, 'important_value')
        ) as t (as_of_date, customer_key, r_score, f_score, net_amount, rfm_segment)""",
    "outputs.kpi__influencer_daily": """
        select date '2024-05-06' - age as paid_date, influencer_key, influencer_name,
            influencer_key = 1 as is_own_account, order_count,
            paid_amount::decimal(18, 2) as paid_amount, refunded_amount::decimal(18, 2) as refunded_amount,
            (paid_amount - refunded_amount)::decimal(18, 2) as net_amount, age > 20 as is_mature
        from (values (0, 1, '自营', 2, 300.00, 0.00), (1, 2, '<script>alert(1)</script>', 1, 100.00, 0.00),
            (30, 1, '自营', 40, 4000.00, 40.00), (30, 2, '<script>alert(1)</script>', 20, 1000.00, 600.00)
        ) as t (age, influencer_key, influencer_name, order_count, paid_amount, refunded_amount)""",
    "outputs.audience_decisions": """
        select * from (values
            ('spring', date '2024-05-06', 1, 'new_members', null, 'treatment'),
            ('spring', date '2024-05-06', 2, 'new_members', null, 'treatment'),
            ('spring', date '2024-05-06', 3, 'new_members', null, 'control'),
            ('spring', date '2024-05-06', 4, 'new_members', 'opted_out', null)
        ) as t (campaign_id, as_of_date, customer_key, template, suppressed_reason, arm)""",
    "marts.campaigns": """
        select 'spring' as campaign_id, date '2024-05-01' as start_date, date '2024-05-31' as end_date,
            1 as priority""",
    "outputs.kpi__campaign_response": """
        select 'spring' as campaign_id, window_days, 'campaign' as scope, date '2024-05-06' as as_of_date,
            true as is_open, 40 as delivered_count, 10 as responded_count, 0.25 as responded_ratio,
            610.00 as net_amount, 1000.00 as goal_amount, 0.61 as goal_ratio, 61.00 as total_cost_amount, 10.0 as roi,
            cast(null as varchar) as missing_feeds
        from (values (7), (30)) as t (window_days)""",
    "outputs.kpi__campaign_lift": """
        select 'spring' as campaign_id, 30 as window_days, 'all' as tier, 'all' as variant,
            date '2024-05-06' as as_of_date, 40 as treatment_count, 20 as control_count,
            10 as treatment_responded_count, 2 as control_responded_count, 0.25 as treatment_responded_ratio,
            0.1 as control_responded_ratio, 0.15 as responded_lift, -0.06 as responded_lift_low,
            0.31 as responded_lift_high, 'not_conclusive' as conclusion,
            'interval_holds_zero' as not_conclusive_reason""",
    "outputs.kpi__reconciliation_daily": """
        select 'douyin' as platform, 'a' as shop_id, date '2024-05-06' - age as business_date, metric,
            our_figure::decimal(18, 2) as our_figure, platform_figure::decimal(18, 2) as platform_figure,
            (our_figure - platform_figure)::decimal(18, 2) as gap,
            unexplained_gap::decimal(18, 2) as unexplained_gap, status
        from (values (0, 'paid_amount', 1300, 1303, 0, 'explained'),
            (7, 'paid_amount', 1000.4, 1200.4, -200, 'beyond_tolerance'),
            (1, 'paid_amount', null, 500, null, 'not_comparable'), (0, 'order_count', 3, 4, 0, 'explained'),
            (40, 'order_count', 3, 9, -6, 'beyond_tolerance'), (1, 'member_count', 50, 52, -2, 'within_tolerance'),
            (2, 'member_count', 49, 51, -2, 'within_tolerance')
        ) as t (age, metric, our_figure, platform_figure, unexplained_gap, status)""",
    "audit.deliveries": """
        select platform, dataset, date '2024-05-06' - age as delivery_date, status
        from (values ('douyin', 'orders', 'loaded', [0, 1, 2, 3]), ('tmall', 'orders', 'loaded', [1, 2, 3, 4]),
            ('tmall', 'orders', 'refused', [0]), ('generic', 'campaigns', 'loaded', [60, 95])
        ) as t (platform, dataset, status, ages), unnest(ages) as u (age)""",
}


def write_catalogue(file: Path, without: frozenset[str] = frozenset()) -> Path:
    """All tables but those named."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file)) as connection:
        for schema in ("marts", "outputs", "audit"):
            connection.execute(f"create schema {schema}")
        for name, query in TABLES.items():
            if name not in without:
                connection.execute(f"create table {name} as {query}")
    return file
