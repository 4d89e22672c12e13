-- One row per influencer of the brand's own list (platform, influencer_id), in its highest delivered version.
{{ config(unique_key=['platform', 'influencer_id']) }}

with latest as (
    {{ latest_delivered('generic', 'influencers', key=['platform', 'influencer_id']) }}
),

stg_generic__influencers as (
    select
        latest.platform,
        latest.influencer_id,
        latest.influencer_name,
        coalesce(latest.is_own_account, false) as is_own_account,
        latest.follower_count,
        latest.category,
        latest.versioned_at,
        latest.delivered_date,
        latest.content_hash,
        latest.line_number
    from latest
)

select * from stg_generic__influencers
