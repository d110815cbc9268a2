"""One function a command: parse, ask, hand rows to the renderer."""
