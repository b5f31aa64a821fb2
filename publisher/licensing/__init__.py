"""Licences and what each permits; the rights of text and of images; the notices that travel with both. Pure: no I/O."""
