"""What feed readers, partners and the public get as files: feeds, republish kits, pages for people."""
