"""The pages by what they are about; each module names its own in PAGES."""
