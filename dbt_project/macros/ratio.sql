{# A share or an average: null where the denominator is missing or zero, never an error and never a made-up zero. #}
{% macro ratio(numerator, denominator) -%}
    case when {{ denominator }} <> 0 then cast({{ numerator }} as double) / cast({{ denominator }} as double) end
{%- endmacro %}
