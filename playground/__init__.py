"""A make-believe Confluence Cloud site on localhost, for trying, testing and measuring.

It and the product know each other only over HTTP.
"""
