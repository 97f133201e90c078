"""The only part of places that touches the files of layer indexes: building, opening, sweeping them."""
