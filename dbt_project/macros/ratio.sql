{# A share or an average: null where the denominator is missing or zero, never an error and never a made-up zero. #}
{% macro ratio(numerator, denominator) -%}
    case when {{ denominator }} <> 0 then cast({{ numerator }} as double) / cast({{ denominator }} as double) end
{%- endmacro %}

{# Yuan and fen of a quotient, half a fen away from zero: 526.81 ÷ 2 is 263.41. As a double it may lie a hair below the half, so
   that it is made exact to a millionth of a fen first. #}
{% macro yuan(quotient) -%} cast(cast({{ quotient }} as decimal(28, 8)) as decimal(18, 2)) {%- endmacro %}

{# Zero times a negative number is a negative zero, which is told apart where rows are compared: here it is plain zero. #}
{% macro plain_zero(value) -%}
    case when {{ value }} = 0 then 0 else {{ value }} end
{%- endmacro %}

{# How many of a whole: null where the whole is unknown, and nobody where it is known and no part of it is told. #}
{% macro part_of(whole, part) -%}
    case when {{ whole }} is not null then coalesce({{ part }}, 0) end
{%- endmacro %}

{# What is known to have come back: null where no feed of refunds tells and nothing is known. #}
{% macro known_refunds(refunds, is_told) -%}
    case when {{ is_told }} then {{ refunds }} else nullif({{ refunds }}, 0) end
{%- endmacro %}

{# What a figure has grown by since an earlier period, as a share of what it was then; null where a reason says that they do not
   compare. #}
{% macro growth_of(figure, before, reason='growth_unknown_reason') -%}
    case when {{ reason }} is null then {{ ratio(figure ~ ' - ' ~ before, before) }} end
{%- endmacro %}

{# Why a period does not compare with an earlier one: it lasts, one of them is known in part or not at all, or was empty. #}
{% macro growth_unknown(is_complete, start, first_date, is_silent, before) -%}
    case
        when not {{ is_complete }} then 'the period lasts'
        when {{ first_date }} is null or {{ start }} < {{ first_date }} then 'the earlier period began before the first day known'
        when {{ is_silent }} then 'of some days of the periods no sales are told'
        when coalesce({{ before }}, 0) = 0 then 'nothing was sold in the earlier period'
    end
{%- endmacro %}

{# The feeds that lack for figures that are null, each by its name and what is so where it lacks; null where none does. #}
{% macro missing_feeds(lacking) -%}
    nullif(substr(
        {%- for feed, condition in lacking.items() %}
        {{ '|| ' if not loop.first }}case when {{ condition }} then ', {{ feed }}' else '' end
        {%- endfor %},
        3
    ), '')
{%- endmacro %}
