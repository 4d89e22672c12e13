{# A share or an average: null where the denominator is missing or zero, never an error and never a made-up zero. #}
{% macro ratio(numerator, denominator) -%}
    case when {{ denominator }} <> 0 then cast({{ numerator }} as double) / cast({{ denominator }} as double) end
{%- endmacro %}

{# Zero times a negative number is a negative zero, which is told apart where rows are compared: here it is plain zero. #}
{% macro plain_zero(value) -%}
    case when {{ value }} = 0 then 0 else {{ value }} end
{%- endmacro %}
