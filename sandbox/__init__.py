"""The sandbox carrier: a Twilio-compatible phone network on loopback.

It shares no code with the product: they meet only over HTTP and WebSocket, as the product and Twilio do.
"""
