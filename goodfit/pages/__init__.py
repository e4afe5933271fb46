"""Pages that people look at: what a student gets back."""
