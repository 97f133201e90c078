"""What the assistant brings to knowledge: guides, policies and benefits as documents."""
