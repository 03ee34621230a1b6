"""The weekly report (运维周报): its week, its facts, its words."""
