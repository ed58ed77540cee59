from .base import *

DEBUG = True
EXTRA = True
