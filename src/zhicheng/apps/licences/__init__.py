"""Electronic licences (S7): issued as verifiable credentials, shown as a QR code, verified without a connection."""
