"""Ways to tell people, over HTTP. docs/reaching-people.md"""
