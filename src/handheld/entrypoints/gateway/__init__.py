"""The gateway: phones and desks over WebSocket (RFC 6455). docs/pushing.md"""
