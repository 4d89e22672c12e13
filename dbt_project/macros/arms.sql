{# Which arm somebody is in: a number from 0 to 999,999, the same in every run for the same person and experiment. A share h of all
   draws is below h × 1,000,000. Changing the salt draws every experiment anew. #}
{% macro arm_draw(experiment, person) -%}
    {{ surrogate_key(["'" ~ var('holdout_salt') ~ "'", experiment, person]) }} % 1000000
{%- endmacro %}
