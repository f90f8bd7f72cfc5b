"""The airspeed velocity suite of tinygeo."""
