"""What somebody may read: each question is asked of the policy first. docs/rules/who-may-see.md"""
