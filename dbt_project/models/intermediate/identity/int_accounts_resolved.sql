-- One row per account whose edges connect it with another account, with the customer that they are.
-- Trap: a cluster with too many accounts of one shop is a chain of shared numbers, not a person: its accounts stay alone.
with clustered as (
    select * from {{ ref('int_accounts_clustered') }}
),

identifiers as (
    select * from {{ ref('int_identifiers_unioned') }}
),

accounts as (
    select
        account_key,
        platform,
        shop_id
    from identifiers
    group by account_key, platform, shop_id
),

accounts_by_shop as (
    select
        clustered.cluster_key,
        count(*) as account_count
    from clustered
    inner join accounts on clustered.account_key = accounts.account_key
    group by clustered.cluster_key, accounts.platform, accounts.shop_id
),

crowded as (
    select cluster_key
    from accounts_by_shop
    group by cluster_key
    having max(account_count) > {{ var('identity_cluster_cap') }}
),

int_accounts_resolved as (
    select
        clustered.account_key,
        case when crowded.cluster_key is null then clustered.cluster_key else clustered.account_key end as customer_key,
        crowded.cluster_key is not null as is_quarantined
    from clustered
    left join crowded on clustered.cluster_key = crowded.cluster_key
)

select * from int_accounts_resolved
