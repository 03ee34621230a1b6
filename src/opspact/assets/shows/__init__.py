"""What each subject declares and shows elsewhere: its ledgers, permissions, panels, cards. One module a subject."""
