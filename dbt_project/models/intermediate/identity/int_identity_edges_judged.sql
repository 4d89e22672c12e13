-- One row per account, shared identifier and time from which it is held: an edge of the identity graph, admitted or not.
-- Trap: an identifier joins accounts only while they hold it at the same time: a chain of overlapping times is an episode, and a
-- phone that went to a new owner begins another one. The next number of an account ends its last where only one can be held.
with identifiers as (
    select * from {{ ref('int_identifiers_unioned') }}
),

dated as (
    select
        account_key,
        platform,
        shop_id,
        id_type,
        identifier_key,
        is_joining,
        is_single_valued,
        account_cap,
        extra_account_cap,
        coalesce(valid_from, cast('0001-01-01' as timestamp)) as held_from,
        max(coalesce(valid_to, cast('9999-12-31' as timestamp))) as held_to
    from identifiers
    group by
        account_key, platform, shop_id, id_type, identifier_key, is_joining, is_single_valued, account_cap,
        extra_account_cap, valid_from
),

starts as (
    select
        account_key,
        id_type,
        held_from,
        lead(held_from) over (partition by account_key, id_type order by held_from) as next_held_from
    from dated
    where is_single_valued
    group by account_key, id_type, held_from
),

shared_identifiers as (
    select identifier_key
    from dated
    group by identifier_key
    having count(distinct account_key) > 1
),

shared as (
    select
        dated.account_key,
        dated.platform,
        dated.shop_id,
        dated.id_type,
        dated.identifier_key,
        dated.is_joining,
        dated.account_cap,
        dated.extra_account_cap,
        dated.held_from,
        least(dated.held_to, coalesce(starts.next_held_from, dated.held_to)) as held_to
    from dated
    inner join shared_identifiers on dated.identifier_key = shared_identifiers.identifier_key
    left join starts
        on
            dated.account_key = starts.account_key
            and dated.id_type = starts.id_type
            and dated.held_from = starts.held_from
    where dated.held_from < dated.held_to
),

begun as (
    select
        *,
        case
            when held_from < max(held_to) over (
                partition by identifier_key
                order by held_from, account_key
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as is_first_of_episode
    from shared
),

episodes as (
    select
        *,
        sum(is_first_of_episode) over (
            partition by identifier_key
            order by held_from, account_key
            rows between unbounded preceding and current row
        ) as episode
    from begun
),

accounts_by_shop as (
    select
        identifier_key,
        episode,
        count(distinct account_key) as account_count
    from episodes
    group by identifier_key, episode, platform, shop_id
),

accounts_by_episode as (
    select
        identifier_key,
        episode,
        max(account_count) as account_count_in_shop,
        cast(sum(account_count - 1) as bigint) as extra_account_count
    from accounts_by_shop
    group by identifier_key, episode
),

int_identity_edges_judged as (
    select
        episodes.account_key,
        episodes.id_type,
        episodes.identifier_key,
        episodes.held_from,
        episodes.held_to,
        {{ surrogate_key(['episodes.identifier_key', 'episodes.episode']) }} as episode_key,
        accounts_by_episode.account_count_in_shop,
        accounts_by_episode.extra_account_count,
        case
            when not episodes.is_joining then 'type_never_joins'
            when
                accounts_by_episode.account_count_in_shop > episodes.account_cap
                or accounts_by_episode.extra_account_count > episodes.extra_account_cap
                then 'shared_by_too_many'
        end as refused_reason
    from episodes
    inner join accounts_by_episode
        on
            episodes.identifier_key = accounts_by_episode.identifier_key
            and episodes.episode = accounts_by_episode.episode
)

select * from int_identity_edges_judged
