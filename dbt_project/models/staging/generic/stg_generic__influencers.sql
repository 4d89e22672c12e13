-- One row per influencer of the brand's own list (platform, influencer_id), in its highest delivered version.
{{ config(unique_key=['platform', 'influencer_id']) }}

with delivered as (
    {{ delivered('generic', 'influencers') }}
),

latest as (
    {{ latest_versions(['platform', 'influencer_id']) }}
),

stg_generic__influencers as (
    select
        delivered.platform,
        delivered.influencer_id,
        delivered.influencer_name,
        coalesce(delivered.is_own_account, false) as is_own_account,
        delivered.follower_count,
        delivered.category,
        delivered.versioned_at,
        delivered.delivered_date,
        delivered.content_hash,
        delivered.line_number
    from delivered
    inner join latest
        on
            delivered.platform = latest.platform
            and delivered.influencer_id = latest.influencer_id
            and delivered.content_hash = latest.content_hash
)

select * from stg_generic__influencers
