{# The status words of Tmall's exports; both the classic list and the new item export use them. #}
{% macro tmall_order_status(column) -%}
    case
        when {{ column }} = '等待买家付款' then 'placed'
        when {{ column }} = '买家已付款，等待卖家发货' then 'paid'
        when {{ column }} = '卖家已发货，等待买家确认' then 'shipped'
        when {{ column }} = '交易成功' then 'completed'
        when {{ column }} like '%交易%关闭%' then 'closed'
        else 'unknown'
    end
{%- endmacro %}
