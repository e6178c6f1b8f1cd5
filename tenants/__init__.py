"""Who is who: organisations and their schemas, people with roles, API keys.

Words: a *tenant* is one organisation with its own schema, of kind advertiser or regulator; a
*membership* gives a person a *role* in a tenant; an API *key* selects its tenant by itself and is
limited to *scopes*.
"""
