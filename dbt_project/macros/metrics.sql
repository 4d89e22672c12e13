{# What the YAML of published tables says of their metrics (`config.meta.metric` of a column), as literals, sorted; and of those
   that no table holds (`config.meta.not_computed`), with the reason. #}
{% macro metric_rows() -%}
    {%- set rows = [] -%}
    {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list if execute else [] -%}
    {%- for model in models | sort(attribute='name') -%}
        {%- for column in model.columns.values() | sort(attribute='name') if column.config.meta.metric -%}
            {%- set metric = column.config.meta.metric -%}
            {%- do rows.append({
                'table': literal(model.name),
                'column': literal(column.name),
                'en': literal(metric.en or column.name | replace('_', ' ') | capitalize),
                'zh': literal(metric.zh),
                'description': literal(column.description),
                'formula': literal(metric.formula),
                'grain': literal(model.description.split('\n')[0].split(' Trap: ')[0] | replace('One row per ', '')),
                'window': literal(metric.window),
                'refunds': literal(metric.refunds),
                'feeds': literal((metric.feeds or []) | join(', ')),
                'definition': literal(metric.definition),
                'source': literal(metric.source)
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for model in models -%}
        {%- for lack in model.config.meta.not_computed or [] -%}
            {%- do rows.append({'en': literal(lack.en), 'zh': literal(lack.zh), 'reason': literal(lack.because)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(rows or [{}]) }}
{%- endmacro %}

{% macro literal(text) -%} cast({{ "'" ~ (text or '') | trim | replace("'", "''") ~ "'" }} as varchar) {%- endmacro %}
