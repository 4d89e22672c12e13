"""What the SQL linter sees instead of dbt's flags."""

FULL_REFRESH = False
