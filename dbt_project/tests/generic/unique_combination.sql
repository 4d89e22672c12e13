{# A key that several rows share, or a column of `present` that lacks a value: one reading of the table finds both. #}
{% test unique_combination(model, columns, present=[]) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1{% for column in present %} or count(*) > count({{ column }}){% endfor %}
{% endtest %}
