{# Shares what was paid for an order over its lines by weight, to the cent: each line gets the whole cents of its share, and the
   cents that remain go to the lines with the largest remainders, then to the first position; so lines always sum to their order.
   The relation has `order_cents` and `weight` (whole numbers, their product below 2^53, so that the division is exact enough for
   its floor); lines without any weight share equally. Adds `payable_amount`. #}
{% macro amounts_shared(lines, order, position) -%}
    select
        *,
        cast(
            (paid_cents + case when remainder_rank <= remaining_cents then 1 else 0 end) / 100.0
            as decimal(18, 2)
        ) as payable_amount
    from (
        select
            *,
            order_cents - sum(paid_cents) over (partition by {{ order }}) as remaining_cents,
            row_number() over (
                partition by {{ order }}
                order by (order_cents * weight) - (paid_cents * order_weight) desc, {{ position }} asc
            ) as remainder_rank
        from (
            select
                *,
                cast(
                    case
                        when order_weight > 0 then floor(order_cents * weight / order_weight)
                        else floor(order_cents / order_line_count)
                    end as bigint
                ) as paid_cents
            from (
                select
                    *,
                    cast(sum(weight) over (partition by {{ order }}) as bigint) as order_weight,
                    count(*) over (partition by {{ order }}) as order_line_count
                from {{ lines }}
            ) as weighed
        ) as floored
    ) as ranked
{%- endmacro %}
