"""What every page shares: sign-in, language, theme, the frame, the badge of a clock."""
