"""What the law means: time, standing, figures, knowledge and posture, as pure functions."""
