"""The store: tables, migrations, queries. The only place with SQL; the same on SQLite and PostgreSQL."""
