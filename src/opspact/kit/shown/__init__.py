"""How things look: plain functions from values to words or safe HTML. Template tags and lists both use them."""
