"""What reaches phones and desks by itself. docs/pushing.md"""
