"""What exists, when, and in which order. No business rules: what a number means is SQL in `dbt_project/`."""
