"""The store: Postgres, the only room that speaks SQL."""
