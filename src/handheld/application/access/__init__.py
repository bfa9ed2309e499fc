"""Who is there: accounts, sessions, devices, sign-in links. docs/access.md"""
