"""The REST API under /api/2010-04-01, and Twilio-shaped 404s where other products would be."""
