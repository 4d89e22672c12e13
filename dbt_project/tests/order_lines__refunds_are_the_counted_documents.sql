-- What the lines lost is what the documents gave back: no refund is dropped or counted twice on its way.
{{ config(meta={'dagster': {'ref': {'name': 'order_lines'}}}) }}

with lines as (
    select coalesce(sum(refunded_amount), 0) as refunded_amount from {{ ref('order_lines') }}
),

documents as (
    select coalesce(sum(counted_amount), 0) as refunded_amount from {{ ref('refunds') }}
)

select
    lines.refunded_amount as line_amount,
    documents.refunded_amount as document_amount
from lines
cross join documents
where lines.refunded_amount <> documents.refunded_amount
