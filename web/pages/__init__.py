"""The pages: one module a concept, each with `register(app)`. How to add one: see web/app.py."""
