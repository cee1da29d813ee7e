"""What the walk of a spider stands on: pages read beside the event loop, and the other parts of its crawl."""
