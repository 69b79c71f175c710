"""The consultation: rules in strata, two engines behind one interface, the derivation that comes out."""
