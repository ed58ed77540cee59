import os

def start(:
    pass
