"""Labels for things: QR and Code 128, on sheets of A4 and on rolls.

What a code says can be read without the platform (`marks`), so that scanning works offline.
"""
