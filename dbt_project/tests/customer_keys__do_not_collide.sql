-- A key is 60 bits of a hash: should two accounts ever share one, two people would be one customer.
{{ config(meta={'dagster': {'ref': {'name': 'customer_accounts'}}}) }}

select customer_key
from {{ ref('customer_accounts') }}
group by customer_key
having count(*) > 1
