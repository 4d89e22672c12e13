{# What builds found of who is one person. A log: unlike every table it depends on what was built when, and survives rebuilds. #}

{% macro create_identity_state() %}
    create table if not exists finished.state.account_moves (
        known_on date, account_key bigint, customer_key_before bigint, customer_key_after bigint
    );
    create table if not exists finished.state.joined_accounts (account_key bigint, customer_key bigint);
    create or replace table finished.state.known_on as
    select max(delivery_date) as known_on from {{ source('plan', 'deliveries') }}
{% endmacro %}

{% macro remember_moved_accounts() %}
    create or replace temporary table joined_now as
    select account_key, customer_key from {{ this }} where account_key <> customer_key;
    insert into finished.state.account_moves
    select
        (select max(known_on) from finished.state.known_on),
        coalesce(joined_now.account_key, joined_before.account_key),
        coalesce(joined_before.customer_key, joined_now.account_key),
        coalesce(joined_now.customer_key, joined_before.account_key)
    from joined_now
    full join finished.state.joined_accounts as joined_before on joined_now.account_key = joined_before.account_key
    where joined_now.customer_key is distinct from joined_before.customer_key;
    create or replace table finished.state.joined_accounts as select account_key, customer_key from joined_now
{% endmacro %}

{# Rows of a staging model as identifiers of an account: who holds which value since when, and which delivered row says so. #}
{% macro identifiers_in(relation, id_type, id_value, account_id='account_id', valid_from='null', valid_to='null') -%}
    select
        {{ surrogate_key(['platform', 'shop_id', account_id]) }} as account_key,
        platform,
        shop_id,
        {{ account_id }} as account_id,
        {{ id_type }} as id_type,
        {{ id_value }} as id_value,
        cast({{ valid_from }} as timestamp) as valid_from,
        cast({{ valid_to }} as timestamp) as valid_to,
        content_hash,
        line_number
    from {{ relation }}
    where {{ id_value }} is not null and {{ account_id }} is not null
{%- endmacro %}
