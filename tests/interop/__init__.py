"""Other makers' telephones against a whole gateway: baresip, linphone, SIPp; docs/interoperability.md."""
