"""From a workspace as it stands to a published version, and back."""
