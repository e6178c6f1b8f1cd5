"""Commands about tenants and the database as a whole."""
