-- One row per account, identifier and time from which the account holds it, with the customer and what became of the edge.
-- Trap: an identifier that nobody else holds joins nobody: it is here to be found again, and has no episode.
{{ config(materialized='view') }}

with identifiers as (
    select * from {{ ref('int_identifiers_unioned') }}
),

edges as (
    select * from {{ ref('int_identity_edges_judged') }}
),

accounts as (
    select * from {{ ref('int_accounts_resolved') }}
),

int_identifiers_matched as (
    select
        identifiers.account_key,
        coalesce(accounts.customer_key, identifiers.account_key) as customer_key,
        identifiers.platform,
        identifiers.shop_id,
        identifiers.account_id,
        identifiers.id_type,
        identifiers.identifier_key,
        identifiers.valid_from,
        identifiers.valid_to,
        edges.episode_key,
        case
            when edges.refused_reason is not null then edges.refused_reason
            when accounts.is_quarantined then 'cluster_too_large'
        end as refused_reason,
        identifiers.content_hash,
        identifiers.line_number
    from identifiers
    left join edges
        on
            identifiers.account_key = edges.account_key
            and identifiers.identifier_key = edges.identifier_key
            and coalesce(identifiers.valid_from, cast('0001-01-01' as timestamp)) = edges.held_from
    left join accounts on identifiers.account_key = accounts.account_key
)

select * from int_identifiers_matched
