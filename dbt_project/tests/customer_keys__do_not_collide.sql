-- A key is 60 bits of a hash: should two accounts ever share one, two people would be one customer.
{{ config(meta={'dagster': {'ref': {'name': 'customer_accounts'}}}) }}

select account_key
from {{ ref('customer_accounts') }}
group by account_key
having count(*) > 1
