"""What do they get? Selection in, PDF out; `pipeline.py` tells the story."""
