"""Pages and files that each stand for a kind of fault, with what is right about them. All texts are written for these tests."""
